package dev.parley.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.store.SessionStore.Feed;
import dev.parley.domain.store.Slice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What holds for sessions whoever else writes, whatever is in them, and after a restart. */
abstract class SessionConcurrencyContract extends DurableContract {
    private static final int WRITERS = 64;
    private static final int EACH = 20;

    @Nested
    class Concurrency {
        @Test
        void positions_are_dense_and_who_saw_n_has_seen_everything_before() throws Exception {
            open(ROOM);
            writeAndWatch(List.of(stores().sessions()));
        }

        @Test
        void the_same_holds_for_two_nodes() throws Exception {
            Optional<DurableStores> second = opened().second();
            assumeTrue(second.isPresent(), "this store serves one process alone: nothing to prove with a second node");
            open(ROOM);
            writeAndWatch(List.of(stores().sessions(), second.orElseThrow().sessions()));
        }

        @Test
        void one_client_key_sent_by_many_at_once_is_one_message() throws Exception {
            open(ROOM);
            ClientKey key = new ClientKey(ANA, "once");
            together(WRITERS, writer -> stores().sessions().write(ROOM, step -> {
                if (step.sentAs(key).isEmpty()) {
                    step.append(START, new Change.MessageAdded(
                            message(ROOM, ANA, "by " + writer, Optional.empty(), Optional.of("once"))));
                }
                return step.sentAs(key).orElseThrow().content();
            }));
            assertThat(stores().messages().page(ROOM, new Slice.Newest(10)).items()).hasSize(1);
        }

        @Test
        void steps_that_fail_do_not_harm_those_beside_them() throws Exception {
            open(ROOM);
            together(WRITERS, writer -> {
                for (int i = 0; i < EACH; i++) {
                    try {
                        Message message = message(ROOM, ANA, writer + "-" + i);
                        stores().sessions().write(ROOM, step -> {
                            Change change = step.append(START, new Change.MessageAdded(message));
                            if (writer % 2 == 0) {
                                throw new IllegalStateException("on purpose");
                            }
                            return change;
                        });
                    } catch (IllegalStateException expected) {
                        assertThat(expected).hasMessage("on purpose");
                    }
                }
                return true;
            });
            assertDense(changes(ROOM), 1 + WRITERS / 2 * EACH);
        }

        @Test
        void many_sessions_are_opened_and_written_at_once() throws Exception {
            List<Session> sessions = together(WRITERS, writer -> {
                SessionId id = new SessionId("s-" + writer % 8);
                for (int i = 0; i < EACH; i++) {
                    Instant now = tick();
                    Message message = message(id, ANA, "x");
                    stores().sessions().write(id, step -> {
                        if (step.session().isEmpty()) {
                            step.append(now, new Change.SessionOpened(Sample.session(id, now)));
                        }
                        return step.append(now, new Change.MessageAdded(message));
                    });
                }
                return stores().sessions().find(id).orElseThrow();
            });
            assertThat(sessions).hasSize(WRITERS);
            for (int i = 0; i < 8; i++) {
                assertDense(changes(new SessionId("s-" + i)), 1 + WRITERS / 8 * EACH);
            }
        }

        private void writeAndWatch(List<SessionStore> nodes) throws Exception {
            AtomicBoolean done = new AtomicBoolean();
            // Not on virtual threads: a store that need not block to answer would leave none for the writers.
            try (ExecutorService watchers = Executors.newCachedThreadPool()) {
                List<Future<Long>> seen = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    SessionStore node = nodes.get(i % nodes.size());
                    seen.add(watchers.submit(() -> watch(node, done)));
                }
                try {
                    together(WRITERS, writer -> {
                        SessionStore node = nodes.get(writer % nodes.size());
                        for (int i = 0; i < EACH; i++) {
                            writeAndReadBack(node, writer + "-" + i);
                        }
                        return true;
                    });
                } finally {
                    done.set(true);
                }
                for (Future<Long> last : seen) {
                    assertThat(get(last)).isEqualTo(1 + WRITERS * EACH);
                }
            }
            assertDense(changes(ROOM), 1 + WRITERS * EACH);
            Set<String> contents = new HashSet<>();
            changes(ROOM).forEach(change -> {
                if (change.body() instanceof Change.MessageAdded added) {
                    contents.add(added.message().content());
                    assertThat(added.message().position()).isEqualTo(change.position());
                }
            });
            assertThat(contents).hasSize(WRITERS * EACH);
        }

        private void writeAndReadBack(SessionStore node, String content) {
            Message message = message(ROOM, ANA, content);
            long position = node.write(ROOM, step -> step.append(START, new Change.MessageAdded(message)))
                    .position();
            assertThat(node.find(ROOM).orElseThrow().position()).isGreaterThanOrEqualTo(position);
        }

        /** Follows the feed until the writers are done; each part must begin right behind the last. */
        private long watch(SessionStore node, AtomicBoolean done) {
            long seen = 0;
            while (true) {
                boolean last = done.get();
                long newest = node.find(ROOM).orElseThrow().position();
                List<Change> news = changes(node.changesAfter(ROOM, seen, 10_000));
                for (Change change : news) {
                    assertThat(change.position()).isEqualTo(++seen);
                }
                assertThat(seen).isGreaterThanOrEqualTo(newest);
                if (last) {
                    return seen;
                }
            }
        }
    }

    static void assertDense(List<Change> changes, int count) {
        assertThat(changes).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(changes.get(i).position()).isEqualTo(i + 1);
        }
    }

    /** Runs {@code work} on so many threads at once, each with its number, and gives what they returned. */
    static <T> List<T> together(int threads, IntFunction<T> work) throws Exception {
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                running.add(pool.submit(() -> work.apply(number)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : running) {
                results.add(get(future));
            }
            return results;
        }
    }

    private static <T> T get(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(2, TimeUnit.MINUTES);
    }

    @Nested
    class Purge {
        @Test
        void a_purged_session_is_gone_with_everything_in_it() {
            open(ROOM, BEN);
            open(OTHER);
            Message question = add(message(ROOM, ANA, "find me", Optional.empty(), Optional.of("c-1")));
            Message answer = answer(ROOM, question.id(), "found");
            edit(question.id(), "find me again");
            Message reply = startReply(question, List.of());
            say(OTHER, "find me too");
            assertThat(stores().sessions().purge(ROOM)).isTrue();
            for (boolean again : new boolean[] {false, true}) {
                if (again) {
                    reopen();
                }
                assertThat(stores().sessions().find(ROOM)).isEmpty();
                assertThat(stores().sessions().of(BEN, PageRequest.first()).items()).isEmpty();
                assertThat(stores().sessions().changesAfter(ROOM, 0, 10)).isEqualTo(new Feed.Lost());
                assertThat(stores().messages().find(question.id())).isEmpty();
                assertThat(stores().messages().versions(question.id())).isEmpty();
                assertThat(stores().messages().sentAs(ROOM, new ClientKey(ANA, "c-1"))).isEmpty();
                assertThat(stores().messages().thread(question.id(), PageRequest.first()).items()).isEmpty();
                assertThat(stores().messages().search(ROOM, "find", PageRequest.first()).items()).isEmpty();
                assertThat(stores().messages().find(answer.id())).isEmpty();
                assertThat(stores().replies().find(reply.id())).isEmpty();
                assertThat(stores().replies().unfinished()).isEmpty();
                assertThat(stores().messages().search(OTHER, "find", PageRequest.first()).items()).hasSize(1);
            }
            assertThat(stores().sessions().purge(ROOM)).isFalse();
        }

        @Test
        void its_id_and_those_of_its_messages_are_free_again() {
            open(ROOM);
            Message before = say(ROOM, "before");
            say(ROOM, "before too");
            stores().sessions().purge(ROOM);
            assertThat(open(ROOM).position()).isEqualTo(1);
            Message again = Message.written(
                    before.id(), ROOM, Optional.empty(), before.author(), before.role(), "after", tick(), Optional.empty(),
                    before.metadata());
            assertThat(add(again).position()).isEqualTo(2);
            assertThat(contents(stores().messages().page(ROOM, new Slice.Newest(10)).items())).containsExactly("after");
            assertThat(stores().messages().search(ROOM, "before", PageRequest.first()).items()).isEmpty();
            assertThat(stores().messages().search(ROOM, "after", PageRequest.first()).items()).hasSize(1);
        }
    }

    @Nested
    class Durability {
        @Test
        void a_session_with_every_field_filled_comes_back_as_it_was() {
            Session whole = Sample.session(ROOM, START);
            append(ROOM, START, new Change.SessionOpened(whole));
            Session expected = whole.at(1, START);
            assertThat(stores().sessions().find(ROOM)).contains(expected);
            reopen();
            assertThat(stores().sessions().find(ROOM)).contains(expected);
            assertThat(changes(ROOM)).containsExactly(new Change(ROOM, 1, START, new Change.SessionOpened(expected)));
        }

        @Test
        void a_session_with_no_field_filled_comes_back_as_it_was() {
            Session bare = Session.fresh(
                    ROOM, Optional.empty(), Visibility.PRIVATE, Optional.empty(), START);
            append(ROOM, START, new Change.SessionOpened(bare));
            reopen();
            assertThat(stores().sessions().find(ROOM)).contains(bare.at(1, START));
        }

        @Test
        void writing_goes_on_after_a_restart_where_it_ended() {
            open(ROOM);
            Message message = say(ROOM, "before");
            reopen();
            assertThat(say(ROOM, "after").position()).isEqualTo(3);
            delete(message.id());
            assertThat(changes(ROOM)).hasSize(4);
        }
    }

    @Nested
    class HostileInput {
        @Test
        void ids_and_names_that_look_like_commands_are_names() {
            SessionId odd = new SessionId("1-OR-1:1--._:-DROP-TABLE");
            SessionId similar = new SessionId("1-or-1:1--._:-drop-table");
            append(odd, START, new Change.SessionOpened(Sample.session(odd, START)));
            assertThat(stores().sessions().find(similar)).isEmpty();
            append(similar, START, new Change.SessionOpened(Sample.session(similar, START)));
            assertThat(stores().sessions().of(Sample.HOSTILE_USER, PageRequest.first()).items()).hasSize(2);
            assertThat(stores().sessions().of(new UserId("%"), PageRequest.first()).items())
                    .isEmpty();
            assertThat(stores().sessions().purge(similar)).isTrue();
            assertThat(stores().sessions().find(odd)).isPresent();
        }

        @Test
        void titles_and_member_names_are_kept_to_the_letter() {
            for (String text : Sample.TEXTS) {
                Session session =
                        stores().sessions().find(ROOM).isEmpty() ? open(ROOM) : stores().sessions().find(ROOM).orElseThrow();
                append(ROOM, tick(), new Change.SessionChanged(session.withTitle(text), ANA));
                assertThat(stores().sessions().find(ROOM).orElseThrow().title()).isEqualTo(text);
            }
        }
    }
}
