package dev.parley.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore.Feed;
import dev.parley.domain.store.Slice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link dev.parley.domain.store.SessionStore} keeps to. */
public abstract class SessionStoreContract extends SessionConcurrencyContract {

    @Nested
    class Ordering {
        @Test
        void a_session_begins_at_position_1() {
            Session session = open(ROOM);
            assertThat(session.position()).isEqualTo(1);
            assertThat(changes(ROOM)).containsExactly(
                    new Change(ROOM, 1, session.startedAt(), new Change.SessionOpened(session)));
        }

        @Test
        void every_kind_of_change_takes_the_next_position_and_is_read_as_it_was_appended() {
            List<Change> appended = new ArrayList<>();
            Message question = everythingHappens(appended);
            List<Change> read = changes(ROOM);
            assertThat(read).extracting(Change::position).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L);
            assertThat(read).extracting(Change::at).isEqualTo(appended.stream().map(Change::at).toList());
            assertThat(read).extracting(change -> change.body().getClass().getSimpleName())
                    .containsExactly(
                            "SessionOpened", "SessionChanged", "MemberJoined", "MessageAdded", "MessageEdited", "ReactionChanged",
                            "ReceiptGiven", "ReplyStarted", "ReplyEnded", "FeedbackGiven", "MessageDeleted", "MemberLeft",
                            "SessionClosed");
            assertThat(stores().sessions().find(ROOM).orElseThrow().position()).isEqualTo(13);
            Session session = stores().sessions().find(ROOM).orElseThrow();
            Message deleted = now(question.id());
            Message reply = stores().messages().page(ROOM, new Slice.Newest(1)).items().getFirst();
            assertThat(read.stream().map(Change::body)).containsExactly(
                    new Change.SessionOpened(session),
                    new Change.SessionChanged(session, ANA),
                    new Change.MemberJoined(session, BEN, "Ben"),
                    new Change.MessageAdded(deleted),
                    new Change.MessageEdited(deleted, BEN),
                    new Change.ReactionChanged(deleted, BEN, "👍", true),
                    new Change.ReceiptGiven(deleted, BEN, Receipt.READ),
                    new Change.ReplyStarted(reply),
                    new Change.ReplyEnded(reply),
                    new Change.FeedbackGiven(reply, ANA, new Feedback(Optional.of(true), Optional.of(4))),
                    new Change.MessageDeleted(deleted, ANA),
                    new Change.MemberLeft(session, BEN, ANA),
                    new Change.SessionClosed(session, ANA));
            reopen();
            assertThat(changes(ROOM)).isEqualTo(read);
        }

        @Test
        void what_append_returns_is_what_is_read_while_nothing_else_happens() {
            open(ROOM);
            Instant at = tick();
            Change change = append(ROOM, at, new Change.MessageAdded(message(ROOM, ANA, "x")));
            assertThat(change.position()).isEqualTo(2);
            assertThat(changesAfter(ROOM, 1, 10)).containsExactly(change);
            assertThat(((Change.MessageAdded) change.body()).message().position()).isEqualTo(2);
        }

        @Test
        void activity_never_goes_back() {
            Session session = open(ROOM);
            append(ROOM, START.minusSeconds(100), new Change.SessionChanged(session.withTitle("t"), ANA));
            Session now = stores().sessions().find(ROOM).orElseThrow();
            assertThat(now.title()).isEqualTo("t");
            assertThat(now.lastActivity()).isEqualTo(session.lastActivity());
        }

        private Message everythingHappens(List<Change> appended) {
            open(ROOM);
            appended.addAll(changes(ROOM));
            appended.add(append(ROOM, tick(), new Change.SessionChanged(session().withTitle("Title"), ANA)));
            Instant joined = tick();
            appended.add(append(ROOM, joined, new Change.MemberJoined(
                    session().withMember(new Member(BEN, "Ben", joined)), BEN, "Ben")));
            Message question = message(ROOM, ANA, "why?");
            appended.add(append(ROOM, tick(), new Change.MessageAdded(question)));
            appended.add(append(ROOM, tick(), new Change.MessageEdited(now(question.id()).edited("how?", tick()), BEN)));
            appended.add(append(ROOM, tick(), new Change.ReactionChanged(
                    now(question.id()).toggled(BEN, "👍"), BEN, "👍", true)));
            appended.add(append(ROOM, tick(), new Change.ReceiptGiven(
                    now(question.id()).received(BEN, Receipt.READ, tick()), BEN, Receipt.READ)));
            Message reply = startReply(now(question.id()), List.of());
            appended.addAll(changesAfter(ROOM, 7, 1));
            endReply(reply.id(), "so", ReplyStatus.COMPLETED);
            appended.addAll(changesAfter(ROOM, 8, 1));
            Feedback feedback = new Feedback(Optional.of(true), Optional.of(4));
            appended.add(append(ROOM, tick(), new Change.FeedbackGiven(
                    now(reply.id()).rated(ANA, feedback), ANA, feedback)));
            appended.add(append(ROOM, tick(), new Change.MessageDeleted(now(question.id()).asDeleted(tick()), ANA)));
            appended.add(append(ROOM, tick(), new Change.MemberLeft(session().withoutMember(BEN), BEN, ANA)));
            appended.add(append(ROOM, tick(), new Change.SessionClosed(session().asClosed(), ANA)));
            return question;
        }

        private Session session() {
            return stores().sessions().find(ROOM).orElseThrow();
        }
    }

    @Nested
    class Steps {
        @Test
        void a_step_returns_what_its_work_returned_and_may_write_nothing() {
            String result = stores().sessions().write(ROOM, step -> step.session().isEmpty() ? "none" : "some");
            assertThat(result).isEqualTo("none");
            assertThat(stores().sessions().find(ROOM)).isEmpty();
        }

        @Test
        void a_work_that_throws_leaves_nothing_and_its_exception_reaches_the_caller() {
            Message old = say(open(ROOM).id(), "old");
            Message question = say(ROOM, "question");
            IllegalStateException thrown = new IllegalStateException("on purpose");
            assertThatThrownBy(() -> stores().sessions().write(ROOM, step -> {
                step.append(tick(), new Change.MessageAdded(message(ROOM, ANA, "lost")));
                step.append(tick(), new Change.MessageEdited(old.edited("changed", tick()), ANA));
                Message placeholder = placeholder(question, List.of());
                step.append(tick(), new Change.ReplyStarted(placeholder), record(placeholder));
                step.append(tick(), new Change.SessionChanged(step.session().orElseThrow().withTitle("no"), ANA));
                throw thrown;
            })).isSameAs(thrown);
            assertThat(changes(ROOM)).hasSize(3);
            assertThat(now(old.id()).content()).isEqualTo("old");
            assertThat(stores().messages().versions(old.id())).isEmpty();
            assertThat(stores().replies().unfinished()).isEmpty();
            assertThat(stores().sessions().find(ROOM).orElseThrow().title()).isEmpty();
            assertThat(say(ROOM, "next").position()).isEqualTo(4);
        }

        @Test
        void a_session_whose_opening_was_undone_is_not_there() {
            assertThatThrownBy(() -> stores().sessions().write(ROOM, step -> {
                Session session = Sample.session(ROOM, START);
                step.append(START, new Change.SessionOpened(session));
                throw new IllegalArgumentException("on purpose");
            })).isInstanceOf(IllegalArgumentException.class);
            assertThat(stores().sessions().find(ROOM)).isEmpty();
            assertThat(open(ROOM).position()).isEqualTo(1);
        }

        @Test
        void a_work_sees_what_it_appended() {
            open(ROOM);
            Message first = message(ROOM, ANA, "first", Optional.empty(), Optional.of("c-1"));
            Message placeholder = placeholder(first, List.of());
            stores().sessions().write(ROOM, step -> {
                step.append(tick(), new Change.MessageAdded(first));
                assertThat(step.session().orElseThrow().position()).isEqualTo(2);
                assertThat(step.message(first.id())).contains(first.at(2));
                assertThat(step.sentAs(new ClientKey(ANA, "c-1"))).contains(first.at(2));
                step.append(tick(), new Change.MessageEdited(first.at(2).edited("second", START), ANA));
                assertThat(step.message(first.id()).orElseThrow().content()).isEqualTo("second");
                assertThat(step.repliesTo(first.id())).isEmpty();
                step.append(tick(), new Change.ReplyStarted(placeholder), record(placeholder));
                assertThat(step.reply(placeholder.id())).contains(record(placeholder));
                assertThat(step.unfinished()).containsExactly(record(placeholder));
                assertThat(step.repliesTo(first.id())).containsExactly(placeholder.at(4));
                step.append(tick(), new Change.ReplyEnded(step.message(placeholder.id()).orElseThrow()));
                assertThat(step.reply(placeholder.id())).isEmpty();
                assertThat(step.unfinished()).isEmpty();
                return true;
            });
            assertThat(changes(ROOM)).hasSize(5);
        }

        @Test
        void a_work_sees_nothing_of_other_sessions() {
            open(ROOM);
            open(OTHER);
            Message elsewhere = add(message(OTHER, ANA, "x", Optional.empty(), Optional.of("c-1")));
            Message reply = startReply(elsewhere, List.of());
            stores().sessions().write(ROOM, step -> {
                assertThat(step.message(elsewhere.id())).isEmpty();
                assertThat(step.sentAs(new ClientKey(ANA, "c-1"))).isEmpty();
                assertThat(step.reply(reply.id())).isEmpty();
                assertThat(step.unfinished()).isEmpty();
                assertThat(step.repliesTo(elsewhere.id())).isEmpty();
                return true;
            });
        }

        @Test
        void what_makes_no_sense_is_refused_and_leaves_nothing() {
            Message nowhere = message(ROOM, ANA, "x");
            assertThatThrownBy(() -> add(nowhere)).isInstanceOf(IllegalStateException.class);
            Session session = open(ROOM);
            open(OTHER);
            assertThatThrownBy(() -> append(ROOM, START, new Change.SessionOpened(session)))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> append(OTHER, START, new Change.MessageAdded(nowhere)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> append(ROOM, START, new Change.MessageEdited(nowhere, ANA)))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(changes(ROOM)).hasSize(1);
            assertThat(changes(OTHER)).hasSize(1);
        }

        @Test
        void a_message_id_is_taken_once_in_all_sessions() {
            open(ROOM);
            open(OTHER);
            Message first = say(ROOM, "first");
            Message again = Message.written(
                    first.id(), OTHER, Optional.empty(), first.author(), first.role(), "again", START, Optional.empty(),
                    first.metadata());
            assertThatThrownBy(() -> add(again)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> add(first)).isInstanceOf(IllegalStateException.class);
            assertThat(changes(OTHER)).hasSize(1);
            assertThat(changes(ROOM)).hasSize(2);
            assertThat(now(first.id()).content()).isEqualTo("first");
        }
    }

    @Nested
    class CatchingUp {
        @Test
        void whoever_asks_gets_what_follows_and_no_more_than_wanted() {
            open(ROOM);
            for (int i = 2; i <= 9; i++) {
                say(ROOM, "m" + i);
            }
            assertThat(changesAfter(ROOM, 3, 4)).extracting(Change::position).containsExactly(4L, 5L, 6L, 7L);
            assertThat(changesAfter(ROOM, 7, 100)).extracting(Change::position).containsExactly(8L, 9L);
            assertThat(changesAfter(ROOM, 9, 100)).isEmpty();
        }

        @Test
        void a_place_that_means_nothing_is_lost() {
            open(ROOM);
            assertThat(stores().sessions().changesAfter(OTHER, 0, 10)).isEqualTo(new Feed.Lost());
            assertThat(stores().sessions().changesAfter(ROOM, 2, 10)).isEqualTo(new Feed.Lost());
            assertThat(stores().sessions().changesAfter(ROOM, Long.MAX_VALUE, 10)).isEqualTo(new Feed.Lost());
            assertThat(stores().sessions().changesAfter(ROOM, -1, 10)).isEqualTo(new Feed.Lost());
        }

        @Test
        void text_that_is_deleted_comes_back_from_no_change() {
            open(ROOM);
            Message message = say(ROOM, "secret-1");
            edit(message.id(), "secret-2");
            append(ROOM, tick(), new Change.ReactionChanged(now(message.id()).toggled(BEN, "x"), BEN, "x", true));
            assertThat(changes(ROOM).toString()).contains("secret-2").doesNotContain("secret-1");
            delete(message.id());
            assertThat(changes(ROOM).toString()).doesNotContain("secret");
            reopen();
            assertThat(changes(ROOM)).hasSize(5);
            assertThat(changes(ROOM).toString()).doesNotContain("secret");
        }
    }

    @Nested
    class Reaching {
        @Test
        void how_far_each_was_told_is_kept_and_the_furthest_counts() {
            Session room = open(ROOM, BEN);
            open(OTHER);
            say(ROOM, "one");
            say(ROOM, "two");
            assertThat(stores().sessions().reachOf(ROOM, ANA)).isEmpty();
            stores().sessions().reach(ROOM, ANA, 3);
            stores().sessions().reach(ROOM, ANA, 2);
            stores().sessions().reach(ROOM, BEN, 1);
            for (boolean again : new boolean[] {false, true}) {
                if (again) {
                    reopen();
                }
                assertThat(stores().sessions().reachOf(ROOM, ANA)).hasValue(3);
                assertThat(stores().sessions().reachOf(ROOM, BEN)).hasValue(1);
                assertThat(stores().sessions().reachOf(OTHER, ANA)).isEmpty();
            }
            assertThat(stores().sessions().find(ROOM).orElseThrow().position()).isEqualTo(room.position() + 2);
            assertThat(stores().sessions().find(ROOM).orElseThrow().members()).isEqualTo(room.members());
        }

        @Test
        void a_session_that_is_not_there_or_was_purged_remembers_nobody() {
            stores().sessions().reach(ROOM, ANA, 1);
            assertThat(stores().sessions().reachOf(ROOM, ANA)).isEmpty();
            open(ROOM);
            assertThat(stores().sessions().reachOf(ROOM, ANA)).isEmpty();
            stores().sessions().reach(ROOM, ANA, 1);
            stores().sessions().purge(ROOM);
            open(ROOM);
            assertThat(stores().sessions().reachOf(ROOM, ANA)).isEmpty();
        }
    }

    @Nested
    class Forgetting {
        private Feed after(SessionId session, long position) {
            return stores().sessions().changesAfter(session, position, 100);
        }

        @Test
        void what_is_older_is_forgotten_and_nothing_else() {
            open(ROOM);
            Message old = say(ROOM, "old");
            edit(old.id(), "edited");
            say(ROOM, "older than the cut");
            Instant cut = tick();
            say(ROOM, "younger");
            say(ROOM, "youngest");
            Session before = stores().sessions().find(ROOM).orElseThrow();
            List<Change> kept = changesAfter(ROOM, 4, 100);

            assertThat(stores().sessions().forgetChanges(cut)).isEqualTo(4);

            for (int position = 0; position < 4; position++) {
                assertThat(after(ROOM, position)).as("after %d", position).isEqualTo(new Feed.Lost());
            }
            assertThat(after(ROOM, 4)).isEqualTo(new Feed.Changes(kept));
            assertThat(kept).extracting(Change::position).containsExactly(5L, 6L);
            assertThat(stores().messages().page(ROOM, new Slice.Newest(10)).items()).extracting(Message::content)
                    .containsExactly("edited", "older than the cut", "younger", "youngest");
            assertThat(stores().messages().versions(old.id())).hasSize(1);
            assertThat(stores().sessions().find(ROOM)).contains(before);
            reopen();
            assertThat(after(ROOM, 3)).isEqualTo(new Feed.Lost());
            assertThat(after(ROOM, 4)).isEqualTo(new Feed.Changes(kept));
            assertThat(stores().sessions().forgetChanges(cut)).isZero();
        }

        @Test
        void the_newest_stays_and_the_feed_goes_on_from_it() {
            open(ROOM);
            Message last = say(ROOM, "last");
            assertThat(stores().sessions().forgetChanges(tick())).isEqualTo(1);
            assertThat(changesAfter(ROOM, 2, 10)).isEmpty();
            assertThat(changesAfter(ROOM, 1, 10)).extracting(Change::position).containsExactly(2L);
            edit(last.id(), "edited");
            say(ROOM, "next");
            assertThat(changesAfter(ROOM, 1, 10)).extracting(Change::position).containsExactly(2L, 3L, 4L);
            assertThat(stores().sessions().forgetChanges(tick())).isEqualTo(2);
            assertThat(after(ROOM, 2)).isEqualTo(new Feed.Lost());
            assertThat(changesAfter(ROOM, 3, 10)).extracting(Change::position).containsExactly(4L);
        }

        @Test
        void each_session_forgets_by_its_own_times() {
            open(ROOM);
            say(ROOM, "early");
            Instant cut = tick();
            say(ROOM, "late");
            open(OTHER);
            say(OTHER, "late too");
            assertThat(stores().sessions().forgetChanges(cut)).isEqualTo(2);
            assertThat(after(ROOM, 1)).isEqualTo(new Feed.Lost());
            assertThat(changes(OTHER)).hasSize(2);
        }

        @Test
        void many_are_forgotten_as_well_as_few() {
            open(ROOM);
            for (int i = 2; i <= 150; i++) {
                say(ROOM, "m" + i);
            }
            Instant cut = tick();
            say(ROOM, "kept");
            assertThat(stores().sessions().forgetChanges(cut)).isEqualTo(150);
            assertThat(after(ROOM, 149)).isEqualTo(new Feed.Lost());
            assertThat(changesAfter(ROOM, 150, 10)).hasSize(1);
            assertThat(stores().messages().page(ROOM, new Slice.FromOldest(0, 1)).total()).isEqualTo(150);
        }

        @Test
        void a_reply_whose_beginning_is_forgotten_runs_on_and_ends() {
            open(ROOM);
            Message question = say(ROOM, "why?");
            Message reply = startReply(question, List.of());
            say(ROOM, "meanwhile");
            assertThat(stores().sessions().forgetChanges(tick())).isEqualTo(3);
            assertThat(stores().replies().unfinished()).hasSize(1);
            endReply(reply.id(), "so", ReplyStatus.COMPLETED);
            assertThat(now(reply.id()).content()).isEqualTo("so");
            assertThat(changesAfter(ROOM, 3, 10)).extracting(Change::position).containsExactly(4L, 5L);
        }

        @Test
        void a_session_that_is_purged_and_made_again_has_forgotten_nothing() {
            open(ROOM);
            say(ROOM, "gone");
            stores().sessions().forgetChanges(tick());
            stores().sessions().purge(ROOM);
            open(ROOM);
            say(ROOM, "new");
            assertThat(changes(ROOM)).hasSize(2);
        }
    }

    @Nested
    class Listing {
        private List<SessionId> of(UserId user, int offset, int limit) {
            return stores().sessions().of(user, new PageRequest(offset, limit)).items().stream().map(Session::id).toList();
        }

        @Test
        void members_find_their_sessions_most_recently_active_first() {
            SessionId third = new SessionId("third");
            open(ROOM, BEN);
            open(OTHER);
            open(third, BEN);
            say(ROOM, "the newest");
            assertThat(of(ANA, 0, 10)).containsExactly(ROOM, third, OTHER);
            assertThat(of(ANA, 1, 1)).containsExactly(third);
            assertThat(of(BEN, 0, 10)).containsExactly(ROOM, third);
            assertThat(of(new UserId("nobody"), 0, 10)).isEmpty();
            assertThat(stores().sessions().of(ANA, new PageRequest(2, 1)).total()).isEqualTo(3);
            assertThat(stores().sessions().all(new PageRequest(0, 2)).items()).extracting(Session::id)
                    .containsExactly(ROOM, third);
            assertThat(stores().sessions().all(new PageRequest(0, 2)).total()).isEqualTo(3);
        }

        @Test
        void who_left_does_not_find_it_and_closed_ones_are_found() {
            Session session = open(ROOM, BEN);
            append(ROOM, tick(), new Change.MemberLeft(session.withoutMember(BEN), BEN, BEN));
            append(ROOM, tick(), new Change.SessionClosed(session.withoutMember(BEN).asClosed(), ANA));
            assertThat(of(BEN, 0, 10)).isEmpty();
            assertThat(of(ANA, 0, 10)).containsExactly(ROOM);
            assertThat(stores().sessions().find(ROOM).orElseThrow().closed()).isTrue();
        }

        @Test
        void a_touch_moves_activity_forward_and_no_position() {
            Session room = open(ROOM);
            open(OTHER);
            Instant seen = tick();
            stores().sessions().touch(ROOM, seen);
            stores().sessions().touch(ROOM, START.minusSeconds(1));
            stores().sessions().touch(new SessionId("nobody-knows"), seen);
            Session now = stores().sessions().find(ROOM).orElseThrow();
            assertThat(now.lastActivity()).isEqualTo(seen);
            assertThat(now.position()).isEqualTo(room.position());
            assertThat(of(ANA, 0, 10)).containsExactly(ROOM, OTHER);
            reopen();
            assertThat(stores().sessions().find(ROOM)).contains(now);
        }

        @Test
        void the_quiet_ones_are_named_longest_quiet_first() {
            open(ROOM);
            open(OTHER);
            SessionId third = new SessionId("third");
            open(third);
            say(ROOM, "later");
            Instant end = tick();
            assertThat(stores().sessions().quietSince(end, 10)).containsExactly(OTHER, third, ROOM);
            assertThat(stores().sessions().quietSince(end, 2)).containsExactly(OTHER, third);
            stores().sessions().touch(OTHER, end.plusSeconds(1));
            assertThat(stores().sessions().quietSince(end, 10)).containsExactly(third, ROOM);
            assertThat(stores().sessions().quietSince(START, 10)).isEmpty();
        }
    }
}
