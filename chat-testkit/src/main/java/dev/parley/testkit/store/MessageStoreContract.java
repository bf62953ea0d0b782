package dev.parley.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.message.Version;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link dev.parley.domain.store.MessageStore} keeps to. */
public abstract class MessageStoreContract extends MessageSearchContract {

    @BeforeEach
    final void openTheRoom() {
        open(ROOM, BEN);
    }

    @Nested
    class Durability {
        @Test
        void a_message_with_every_field_filled_comes_back_as_it_was() {
            Message question = say(ROOM, "question");
            Message whole = Sample.message(newId(), ROOM, question.id(), START);
            whole.attachments().forEach(file -> append(ROOM, START, Change.AttachmentAdded.of(file, ANA)));
            append(ROOM, START, new Change.MessageAdded(whole));
            assertThat(now(whole.id())).isEqualTo(whole.at(5));
            reopen();
            Message found = now(whole.id());
            assertThat(found).isEqualTo(whole.at(5));
            assertThat(List.copyOf(found.reactions().keySet())).containsExactly("👍", "❤️", "'");
            assertThat(found.reactions().toString()).startsWith("{👍=[zoe, ana, ben], ");
            assertThat(found.reply().orElseThrow().versions()).containsExactly(new MessageId("v.2"), new MessageId("v:1"));
            assertThat(stores().messages().page(ROOM, new Slice.Newest(1)).items()).containsExactly(found);
            assertThat(changesAfter(ROOM, 4, 1)).containsExactly(
                    new Change(ROOM, 5, START, new Change.MessageAdded(found)));
        }

        @Test
        void every_kind_of_text_is_kept_to_the_letter() {
            for (String text : Sample.TEXTS) {
                Message message = say(ROOM, text);
                assertThat(now(message.id()).content()).isEqualTo(text);
            }
            List<String> kept = new ArrayList<>(Sample.TEXTS);
            String large = "é0123456789😀".repeat(90_000);
            kept.add(large);
            say(ROOM, large);
            reopen();
            assertThat(contents(stores().messages().page(ROOM, new Slice.Newest(100)).items())).isEqualTo(kept);
        }

        @Test
        void an_author_of_either_kind_with_any_name_comes_back() {
            Message person = add(message(ROOM, Sample.HOSTILE_USER, "x"));
            assertThat(now(person.id()).author()).isEqualTo(
                    new Author.Person(Sample.HOSTILE_USER, "Name of " + Sample.HOSTILE_USER));
            Message agent = add(message(ROOM, ANA, "x").withAuthor(AGENT));
            reopen();
            assertThat(now(agent.id()).author()).isEqualTo(AGENT);
        }

        @Test
        void what_is_not_there_is_not_found() {
            MessageId nobody = new MessageId("nobody");
            assertThat(stores().messages().find(nobody)).isEmpty();
            assertThat(stores().messages().versions(nobody)).isEmpty();
            assertThat(stores().messages().thread(nobody, PageRequest.first())).isEqualTo(new Page<Message>(List.of(), 0));
            assertThat(stores().messages().page(OTHER, new Slice.Newest(5))).isEqualTo(new Page<Message>(List.of(), 0));
            assertThat(stores().messages().context(OTHER, 100, 5)).isEmpty();
        }
    }

    @Nested
    class Idempotency {
        @Test
        void a_client_key_finds_the_newest_message_of_its_user_in_its_session() {
            open(OTHER);
            Message first = send(ROOM, ANA, "c-1");
            assertThat(stores().messages().sentAs(ROOM, new ClientKey(ANA, "c-1"))).contains(first);
            Message second = send(ROOM, ANA, "c-1");
            Message elsewhere = send(OTHER, ANA, "c-1");
            Message bens = send(ROOM, BEN, "c-1");
            reopen();
            assertThat(stores().messages().sentAs(ROOM, new ClientKey(ANA, "c-1"))).contains(second);
            assertThat(stores().messages().sentAs(ROOM, new ClientKey(BEN, "c-1"))).contains(bens);
            assertThat(stores().messages().sentAs(OTHER, new ClientKey(ANA, "c-1"))).contains(elsewhere);
            assertThat(stores().messages().sentAs(ROOM, new ClientKey(ANA, "C-1"))).isEmpty();
            assertThat(stores().messages().sentAs(OTHER, new ClientKey(BEN, "c-1"))).isEmpty();
            assertThat(stores().messages().sentAs(new SessionId("nowhere"), new ClientKey(BEN, "c-1"))).isEmpty();
            stores().sessions().write(ROOM, step -> {
                assertThat(step.sentAs(new ClientKey(ANA, "c-1"))).contains(second);
                return true;
            });
        }

        @Test
        void a_key_is_remembered_when_its_message_is_deleted() {
            Message message = send(ROOM, ANA, "c'1");
            delete(message.id());
            assertThat(stores().messages().sentAs(ROOM, new ClientKey(ANA, "c'1")).orElseThrow().deleted()).isTrue();
        }

        private Message send(SessionId session, UserId user, String clientId) {
            return add(message(session, user, "x", Optional.empty(), Optional.of(clientId)));
        }
    }

    @Nested
    class Changing {
        @Test
        void an_edit_keeps_what_was_said_before() {
            Message message = say(ROOM, "one");
            edit(message.id(), "two");
            Message second = now(message.id());
            edit(message.id(), "three");
            Message third = now(message.id());
            reopen();
            assertThat(stores().messages().versions(message.id())).containsExactly(
                    new Version("one", message.createdAt(), second.editedAt().orElseThrow(), ANA),
                    new Version("two", second.editedAt().orElseThrow(), third.editedAt().orElseThrow(), ANA));
            assertThat(third.position()).isEqualTo(message.position());
            assertThat(third.content()).isEqualTo("three");
        }

        @Test
        void a_deletion_keeps_the_place_and_removes_content_and_versions() {
            Message message = add(new Message(
                    newId(), ROOM, 0, Optional.empty(), new Author.Person(ANA, "Ana"), Role.USER,
                    "secret", tick(), Optional.empty(), Optional.empty(), Optional.of("c"), new ClientMetadata("{\"k\":1}"),
                    Map.of(), Map.of(), Map.of(), Map.of(), Optional.empty(), List.of()));
            edit(message.id(), "more secret");
            append(ROOM, tick(), new Change.ReactionChanged(now(message.id()).toggled(BEN, "x"), BEN, "x", true));
            delete(message.id());
            reopen();
            Message deleted = now(message.id());
            assertThat(deleted).isEqualTo(now(message.id()).asDeleted(deleted.deletedAt().orElseThrow()));
            assertThat(deleted.deleted()).isTrue();
            assertThat(deleted.position()).isEqualTo(2);
            assertThat(deleted.toString()).doesNotContain("secret").doesNotContain("\"k\"");
            assertThat(stores().messages().versions(message.id())).isEmpty();
            assertThat(stores().messages().page(ROOM, new Slice.Newest(5)).items()).containsExactly(deleted);
        }

        @Test
        void reactions_come_and_go_in_the_order_they_came() {
            MessageId id = say(ROOM, "x").id();
            for (String step : List.of("ana a", "ben a", "ana b", "cy a", "ben a", "ana b", "cy b")) {
                var user = new UserId(step.substring(0, step.indexOf(' ')));
                String emoji = step.substring(step.indexOf(' ') + 1);
                Message toggled = now(id).toggled(user, emoji);
                append(ROOM, tick(), new Change.ReactionChanged(toggled, user, emoji, toggled.reacted(user, emoji)));
                assertThat(now(id)).isEqualTo(toggled);
            }
            reopen();
            assertThat(now(id).reactions().toString()).isEqualTo("{a=[ana, cy], b=[cy]}");
        }

        @Test
        void a_new_reply_supersedes_the_versions_it_names() {
            Message question = say(ROOM, "?");
            Message first = startReply(question, List.of());
            endReply(first.id(), "one", ReplyStatus.COMPLETED);
            Message second = startReply(question, List.of(first.id()));
            assertThat(now(first.id()).reply().orElseThrow().supersededBy()).contains(second.id());
            assertThat(now(first.id()).content()).isEqualTo("one");
            endReply(second.id(), "two", ReplyStatus.STOPPED);
            Message third = startReply(question, List.of(first.id(), second.id()));
            reopen();
            assertThat(now(first.id()).reply().orElseThrow().supersededBy()).isPresent();
            assertThat(now(second.id()).reply().orElseThrow().supersededBy()).contains(third.id());
            assertThat(now(third.id()).reply().orElseThrow().versions()).containsExactly(first.id(), second.id());
            assertThat(now(second.id()).reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
            stores().sessions().write(ROOM, step -> {
                assertThat(step.repliesTo(question.id())).extracting(Message::id)
                        .containsExactly(first.id(), second.id(), third.id());
                return true;
            });
        }
    }

    @Nested
    class Paging {
        private Page<Message> page(Slice slice) {
            return stores().messages().page(ROOM, slice);
        }

        @Test
        void every_slice_is_oldest_first_and_knows_the_total() {
            open(OTHER);
            Message elsewhere = say(OTHER, "elsewhere");
            List<Message> said = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                said.add(say(ROOM, "m" + i));
            }
            edit(said.get(3).id(), "m3");
            delete(said.get(5).id());
            assertThat(page(new Slice.Newest(3)).total()).isEqualTo(7);
            assertThat(contents(page(new Slice.Newest(3)).items())).containsExactly("m4", "", "m6");
            assertThat(contents(page(new Slice.Newest(200)).items())).hasSize(7);
            assertThat(contents(page(new Slice.FromOldest(0, 2)).items())).containsExactly("m0", "m1");
            assertThat(contents(page(new Slice.FromOldest(6, 2)).items())).containsExactly("m6");
            assertThat(page(new Slice.FromOldest(7, 2)).items()).isEmpty();
            assertThat(contents(page(new Slice.Before(said.get(3).id(), 2)).items())).containsExactly("m1", "m2");
            assertThat(page(new Slice.Before(said.get(0).id(), 2)).items()).isEmpty();
            assertThat(contents(page(new Slice.After(said.get(3).id(), 2)).items())).containsExactly("m4", "");
            assertThat(page(new Slice.After(said.get(6).id(), 2)).items()).isEmpty();
            assertThat(page(new Slice.Before(said.get(3).id(), 2)).total()).isEqualTo(7);
            assertThat(page(new Slice.Before(elsewhere.id(), 2)).items()).isEmpty();
            assertThat(page(new Slice.After(new MessageId("nobody"), 2)).items()).isEmpty();
            assertThat(page(new Slice.Newest(7)).items()).extracting(Message::position)
                    .containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L);
        }

        @Test
        void context_is_what_a_model_should_read() {
            Message first = say(ROOM, "first");
            Message gone = say(ROOM, "gone");
            delete(gone.id());
            Message old = startReply(first, List.of());
            endReply(old.id(), "old answer", ReplyStatus.COMPLETED);
            Message newer = startReply(first, List.of(old.id()));
            endReply(newer.id(), "new answer", ReplyStatus.COMPLETED);
            Message second = say(ROOM, "second");
            startReply(second, List.of());
            say(ROOM, "third");
            assertThat(contents(stores().messages().context(ROOM, Long.MAX_VALUE, 10)))
                    .containsExactly("first", "new answer", "second", "third");
            assertThat(contents(stores().messages().context(ROOM, second.position(), 2)))
                    .containsExactly("new answer", "second");
            assertThat(stores().messages().context(ROOM, 0, 10)).isEmpty();
        }

        @Test
        void a_thread_is_all_descendants_in_order() {
            Message root = say(ROOM, "root");
            Message a = answer(ROOM, root.id(), "a");
            say(ROOM, "beside");
            Message b = answer(ROOM, a.id(), "b");
            Message c = answer(ROOM, root.id(), "c");
            answer(ROOM, b.id(), "d");
            delete(c.id());
            Page<Message> thread = stores().messages().thread(root.id(), PageRequest.first());
            assertThat(contents(thread.items())).containsExactly("a", "b", "", "d");
            assertThat(thread.total()).isEqualTo(4);
            Page<Message> part = stores().messages().thread(root.id(), new PageRequest(1, 2));
            assertThat(contents(part.items())).containsExactly("b", "");
            assertThat(part.total()).isEqualTo(4);
            assertThat(contents(stores().messages().thread(a.id(), PageRequest.first()).items())).containsExactly("b", "d");
            assertThat(stores().messages().thread(c.id(), PageRequest.first()).items()).isEmpty();
        }
    }
}
