package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Attach;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Repeat;
import dev.parley.application.command.Sent;
import dev.parley.domain.PageRequest;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.testkit.file.Bytes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Files that go with messages: whose they are, who reads them, and what the model reads of them. */
class AttachmentsTest {

    private static final SessionId ROOM = new SessionId(Person.ROOM);
    private static final Bytes PNG = Bytes.ofHex("89504e470d0a1a0a").then(Bytes.of("pixels"));

    private final Stage stage = Stage.open();

    @AfterEach
    void close() {
        stage.close();
    }

    private static Attachment uploads(Person who, Optional<SessionId> session, String name, Bytes content) {
        AttachmentId id = Stage.done(who.does(new Command.BeginUpload(
                Optional.empty(), session, name, "", content.size(), true)))
                .upload()
                .id();
        if (content.size() > 0) {
            Stage.done(who.does(new Command.AddChunk(id, 0, ByteBuffer.wrap(content.all()))));
        }
        return Stage.done(who.does(new Command.FinishUpload(id, Optional.empty(), Optional.empty()))).attachment();
    }

    private static Attachment text(Person who, String name, String content) {
        return uploads(who, Optional.of(ROOM), name, Bytes.of(content));
    }

    private static Command.SendMessage sending(String clientId, String content, List<Attach> files, Optional<Ask> ask) {
        return new Command.SendMessage(
                ROOM,
                content,
                Optional.of(clientId),
                new Repeat.ForLife(),
                Optional.empty(),
                ClientMetadata.NONE,
                ask,
                files);
    }

    private static Attach.Link link(String url) {
        return new Attach.Link("", url, "image/jpeg", 5, ClientMetadata.NONE);
    }

    private static Outcome<Command.OpenedFile> opening(Person who, Attachment file) {
        return who.does(new Command.OpenAttachment(file.id()));
    }

    private Message now(MessageId id) {
        return stage.store.messages().find(id).orElseThrow();
    }

    @Nested
    class InMessages {
        @Test
        void a_file_of_ones_own_comes_into_the_session_with_the_message_that_names_it() {
            Person ana = stage.person("ana").inRoom();
            Person ben = stage.person("ben").inRoom();
            Attachment file = uploads(ana, Optional.empty(), "a.txt", Bytes.of("mine"));
            assertThat(Stage.code(opening(ben, file))).isEqualTo(ErrorCode.NOT_FOUND);
            Sent sent = ana.saysWith(Person.ROOM, "look", file.id());
            assertThat(sent.message().attachments()).containsExactly(file);
            assertThat(opening(ben, file)).isInstanceOf(Outcome.Done.class);
            assertThat(stage.changes(ROOM)).containsSubsequence(
                    Change.AttachmentAdded.of(file, ana.user()), new Change.MessageAdded(sent.message()));
        }

        @Test
        void everybody_in_the_session_may_name_what_is_in_it_and_nobody_anything_else() {
            Person ana = stage.person("ana").inRoom();
            Person ben = stage.person("ben").inRoom();
            Attachment here = text(ana, "a.txt", "here");
            Attachment elsewhere = uploads(ana, Optional.empty(), "b.txt", Bytes.of("elsewhere"));
            assertThat(ben.saysWith(Person.ROOM, "see", here.id()).message().attachments()).containsExactly(here);
            assertThat(Stage.code(ben.triesWith(Person.ROOM, "see", elsewhere.id()))).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(Stage.code(ben.triesWith(Person.ROOM, "see", new AttachmentId("nothing"))))
                    .isEqualTo(ErrorCode.NOT_FOUND);
        }

        @Test
        void files_alone_are_a_message_and_name_the_session() {
            Person ana = stage.person("ana").inRoom();
            Attachment file = text(ana, "Plan.txt", "plan");
            assertThat(ana.saysWith(Person.ROOM, "", file.id()).message().content()).isEmpty();
            assertThat(ana.session().title()).isEqualTo("Plan.txt");
            assertThat(Stage.code(ana.triesWith(Person.ROOM, " "))).isEqualTo(ErrorCode.BAD_REQUEST);
        }

        @Test
        void sending_again_is_the_same_message_and_with_other_files_a_conflict() {
            Person ana = stage.person("ana").inRoom();
            Attachment one = text(ana, "1.txt", "one");
            Attachment two = text(ana, "2.txt", "two");
            List<Attach> files = List.of(new Attach.Existing(one.id()), link("https://example.com/a.jpg"));
            Sent first = Stage.done(ana.sends(sending("c1", "look", files, Optional.empty())));
            Sent again = Stage.done(ana.sends(sending("c1", "look", files, Optional.empty())));
            assertThat(again.duplicate()).isTrue();
            assertThat(again.message().id()).isEqualTo(first.message().id());
            assertThat(Stage.code(ana.sends(sending(
                    "c1", "look", List.of(new Attach.Existing(two.id())), Optional.empty())))).isEqualTo(ErrorCode.CONFLICT);
        }

        @Test
        void sending_again_is_the_same_message_though_files_left_it_or_came_to_it_since() {
            Person ana = stage.person("ana").inRoom();
            Attachment gone = text(ana, "1.txt", "one");
            Attachment stays = text(ana, "2.txt", "two");
            Attachment later = text(ana, "3.txt", "three");
            List<Attach> files = List.of(
                    new Attach.Existing(gone.id()), new Attach.Existing(stays.id()), link("https://example.com/a.jpg"));
            Command.SendMessage sending = sending("c1", "look", files, Optional.empty());
            Message first = Stage.done(ana.sends(sending)).message();
            Stage.done(ana.does(new Command.DeleteAttachment(gone.id())));
            Stage.done(ana.does(new Command.DeleteAttachment(first.attachments().getLast().id())));
            Stage.done(ana.does(new Command.AttachToMessage(
                    Optional.empty(), first.id(), List.of(new Attach.Existing(later.id())))));
            Sent again = Stage.done(ana.sends(sending));
            assertThat(again.duplicate()).isTrue();
            assertThat(again.message().id()).isEqualTo(first.id());
            assertThat(again.message().attachments()).containsExactly(stays, later);
        }

        @Test
        void a_link_is_kept_and_nothing_but_the_web_is_linked_to() {
            Person ana = stage.person("ana").inRoom();
            Sent sent = Stage.done(ana.sends(
                    sending("c1", "look", List.of(link("https://example.com/x/photo.jpg?size=1")), Optional.empty())));
            Attachment file = sent.message().attachments().getFirst();
            assertThat(file.name().value()).isEqualTo("photo.jpg");
            assertThat(Stage.code(opening(ana, file))).isEqualTo(ErrorCode.NOT_FOUND);
            for (String url : List.of("javascript:alert(1)", "file:///etc/passwd", "//host/x", "ftp://host/x", "https://")) {
                assertThat(Stage.code(ana.sends(sending(url, "look", List.of(link(url)), Optional.empty()))))
                        .as(url)
                        .isEqualTo(ErrorCode.BAD_REQUEST);
            }
        }

        @Test
        void no_message_has_more_than_twenty() {
            Person ana = stage.person("ana").inRoom();
            List<Attach> many = IntStream.range(0, 21)
                    .<Attach>mapToObj(i -> link("https://example.com/" + i))
                    .toList();
            assertThat(Stage.code(ana.sends(sending("c1", "look", many, Optional.empty())))).isEqualTo(ErrorCode.BAD_REQUEST);
            Sent sent = Stage.done(ana.sends(sending("c2", "look", many.subList(0, 20), Optional.empty())));
            assertThat(Stage.code(ana.does(new Command.AttachToMessage(
                    Optional.empty(), sent.message().id(), many.subList(20, 21))))).isEqualTo(ErrorCode.BAD_REQUEST);
        }

        @Test
        void only_its_author_gives_a_message_more_files() {
            Person ana = stage.person("ana").inRoom();
            Person ben = stage.person("ben").inRoom();
            MessageId message = ana.says("look").message().id();
            Attachment file = text(ben, "a.txt", "x");
            Command.AttachToMessage more = new Command.AttachToMessage(
                    Optional.empty(), message, List.of(new Attach.Existing(file.id())));
            assertThat(Stage.code(ben.does(more))).isEqualTo(ErrorCode.FORBIDDEN);
            Stage.done(ana.does(more));
            Stage.done(ana.does(more));
            assertThat(now(message).attachments()).containsExactly(file);
        }
    }

    @Nested
    class Leaving {
        @Test
        void a_deleted_message_takes_its_files_along_unless_another_one_has_them() {
            Person ana = stage.person("ana").inRoom();
            Attachment one = text(ana, "1.txt", "one");
            Attachment both = text(ana, "2.txt", "both");
            MessageId first = ana.saysWith(Person.ROOM, "first", one.id(), both.id()).message().id();
            ana.saysWith(Person.ROOM, "second", both.id());
            Stage.done(ana.deletes(first));
            assertThat(stage.store.attachments().find(one.id())).isEmpty();
            assertThat(stage.store.attachments().of(ROOM, PageRequest.first()).items()).containsExactly(both);
            assertThat(now(first).attachments()).isEmpty();
        }

        @Test
        void nobody_deletes_somebody_elses_file_by_naming_it_in_a_message_and_deleting_that() {
            Person ana = stage.person("ana").inRoom();
            Person ben = stage.person("ben").inRoom();
            Attachment anas = text(ana, "a.txt", "ana's");
            Attachment bens = text(ben, "b.txt", "ben's");
            MessageId message = ben.saysWith(Person.ROOM, "look", anas.id(), bens.id()).message().id();
            Stage.done(ben.deletes(message));
            assertThat(stage.store.attachments().of(ROOM, PageRequest.first()).items()).containsExactly(anas);
            assertThat(opening(ana, anas)).isInstanceOf(Outcome.Done.class);
            assertThat(stage.store.attachments().find(bens.id())).isEmpty();
        }

        @Test
        void a_sessions_owner_takes_everybodys_files_along() {
            Person ana = stage.person("ana").inRoom();
            Person ben = stage.person("ben").inRoom();
            Attachment file = text(ben, "b.txt", "ben's");
            Stage.done(ana.deletes(ben.saysWith(Person.ROOM, "look", file.id()).message().id()));
            assertThat(stage.store.attachments().find(file.id())).isEmpty();
        }

        @Test
        void its_owner_takes_a_file_out_of_everything_and_a_sessions_owner_out_of_that_session() {
            Person ana = stage.person("ana").inRoom();
            Person ben = stage.person("ben").inRoom();
            Person cy = stage.person("cy").inRoom();
            Attachment file = text(ben, "a.txt", "x");
            Attachment other = text(ben, "b.txt", "y");
            MessageId message = ben.saysWith(Person.ROOM, "look", file.id(), other.id()).message().id();
            assertThat(Stage.code(cy.does(new Command.DeleteAttachment(file.id())))).isEqualTo(ErrorCode.FORBIDDEN);
            Stage.done(ana.does(new Command.DeleteAttachment(file.id())));
            assertThat(now(message).attachments()).containsExactly(other);
            Stage.done(ben.does(new Command.DeleteAttachment(other.id())));
            assertThat(now(message).attachments()).isEmpty();
            assertThat(Stage.code(opening(ben, other))).isEqualTo(ErrorCode.NOT_FOUND);
        }

        @Test
        void a_fork_has_the_same_files() {
            Person ana = stage.person("ana").inRoom();
            Person ben = stage.person("ben").inRoom();
            Attachment file = text(ana, "a.txt", "x");
            ana.saysWith(Person.ROOM, "look", file.id());
            Session fork = Stage.done(ben.does(
                    new Command.ForkSession(ROOM, Optional.empty(), Optional.of(new SessionId("fork")), Optional.empty())));
            Stage.done(ana.does(new Command.PurgeSession(ROOM)));
            assertThat(stage.store.attachments().of(fork.id(), PageRequest.first()).items()).containsExactly(file);
            assertThat(opening(ben, file)).isInstanceOf(Outcome.Done.class);
        }

        @Test
        void who_is_no_member_any_more_reads_nothing_any_more_but_what_is_their_own() {
            Person ana = stage.person("ana");
            Person ben = stage.person("ben");
            ana.group(Person.ROOM, ben);
            Attachment anas = text(ana, "a.txt", "x");
            Attachment bens = text(ben, "b.txt", "y");
            assertThat(opening(ben, anas)).isInstanceOf(Outcome.Done.class);
            Stage.done(ana.does(new Command.RemoveMember(ROOM, ben.user())));
            assertThat(Stage.code(opening(ben, anas))).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(opening(ben, bens)).isInstanceOf(Outcome.Done.class);
        }

        @Test
        void an_administrator_who_reads_a_file_leaves_a_trace() {
            Person ana = stage.person("ana");
            Stage.done(ana.enters(Person.ROOM, Visibility.PRIVATE));
            Attachment file = text(ana, "a.txt", "x");
            assertThat(opening(stage.person("root", "admin"), file)).isInstanceOf(Outcome.Done.class);
            assertThat(stage.store.audit().newest(1).getFirst().action()).isEqualTo("enter_session");
        }
    }

    @Nested
    class ForTheModel {
        private Prompt asked(Person ana, String question, Attachment... files) throws InterruptedException {
            List<Attach> attached = List.of(files).stream().<Attach>map(file -> new Attach.Existing(file.id())).toList();
            Stage.done(ana.sends(sending("q-" + question, question, attached, Optional.of(Ask.PLAINLY))));
            return stage.model.next().prompt();
        }

        @Test
        void a_picture_goes_to_a_model_that_sees() throws Exception {
            stage.model.installSeeing("llava:latest");
            Person ana = stage.person("ana").inRoom();
            Attachment picture = uploads(ana, Optional.of(ROOM), "cat.png", PNG);
            Prompt.Turn turn = asked(ana, "What is it?", picture).turns().getLast();
            assertThat(turn.content()).isEqualTo("What is it?\n\n[Image: cat.png]");
            assertThat(turn.images()).hasSize(1);
            assertThat(turn.images().getFirst().content().open().readAllBytes()).isEqualTo(PNG.all());
        }

        @Test
        void one_that_does_not_see_is_told_that_there_is_one() throws InterruptedException {
            Person ana = stage.person("ana").inRoom();
            Prompt.Turn turn = asked(ana, "What is it?", uploads(ana, Optional.of(ROOM), "cat.png", PNG)).turns().getLast();
            assertThat(turn.content()).isEqualTo("What is it?\n\n[File: cat.png]");
            assertThat(turn.images()).isEmpty();
        }

        @Test
        void texts_are_read_up_to_a_bound() throws InterruptedException {
            Person ana = stage.person("ana").inRoom();
            Attachment small = text(ana, "small.md", "# Título");
            Attachment large = text(ana, "large.txt", "名".repeat(30_000));
            String content = asked(ana, "Sum up", small, large).turns().getLast().content();
            assertThat(content)
                    .startsWith("Sum up\n\n[File: small.md]\n# Título\n\n[File: large.txt]\n名名")
                    .endsWith("名\n[The rest of this file was left out.]");
            assertThat(content.length()).isBetween(20_000, 20_200);
        }

        @Test
        void the_newest_files_come_first_to_what_there_is_room_for() throws InterruptedException {
            stage.model.installSeeing("llava:latest");
            Person ana = stage.person("ana").inRoom();
            for (int i = 0; i < 6; i++) {
                Attachment picture = uploads(ana, Optional.of(ROOM), "p" + i + ".png", PNG.then(Bytes.of("" + i)));
                ana.saysWith(Person.ROOM, "picture " + i, picture.id());
            }
            Prompt.Turn turn = asked(ana, "And?").turns().getLast();
            assertThat(turn.images()).hasSize(4);
            assertThat(turn.content()).contains("[File: p0.png]", "[File: p1.png]", "[Image: p2.png]", "[Image: p5.png]");
        }

        @Test
        void a_file_whose_bytes_are_gone_is_no_reason_not_to_answer() throws InterruptedException {
            Person ana = stage.person("ana").inRoom();
            Attachment file = text(ana, "a.txt", "x");
            stage.blobs.remove(file.sha256().orElseThrow(), Instant.MAX);
            assertThat(asked(ana, "Hm?", file).turns().getLast().content()).isEqualTo("Hm?\n\n[File: a.txt]");
        }

        @Test
        void what_is_linked_to_is_never_fetched_and_only_named() throws InterruptedException {
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.sends(sending(
                    "c", "See", List.of(link("https://example.com/photo.jpg")), Optional.of(Ask.PLAINLY))));
            assertThat(stage.model.next().prompt().turns().getLast().content()).isEqualTo("See\n\n[File: photo.jpg]");
        }
    }
}
