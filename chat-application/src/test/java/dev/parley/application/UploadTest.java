package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.PageRequest;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files on their way in, and who has them then. */
class UploadTest extends Uploading {

    @Nested
    class Complete {
        @Test
        void pieces_in_any_order_and_repeated_become_a_file_that_everybody_in_the_room_sees_and_reads() {
            Person ana = stage.person("ana").inRoom();
            Person ben = stage.person("ben").inRoom();
            Seat seat = ben.sits();
            Stage.done(ana.does(begin("f-1", "fox.txt", TEXT.length())));
            Stage.done(ana.does(chunk("f-1", 1, TEXT.substring(9))));
            Stage.done(ana.does(chunk("f-1", 0, "nonsense!")));
            Command.ChunkAdded added = Stage.done(ana.does(chunk("f-1", 0, TEXT.substring(0, 9))));
            assertThat(added).isEqualTo(new Command.ChunkAdded(new AttachmentId("f-1"), 0, 2, TEXT.length()));
            Command.Uploaded uploaded = Stage.done(ana.does(finish("f-1", TEXT)));
            Attachment file = uploaded.attachment();
            assertThat(uploaded.session()).contains(ROOM);
            seat.awaitPosition(ana.session().position());
            assertThat(file.name().value()).isEqualTo("fox.txt");
            assertThat(file.size()).isEqualTo(TEXT.length());
            assertThat(file.owner()).isEqualTo(ana.user());
            assertThat(stage.changes(ROOM).getLast()).isEqualTo(Change.AttachmentAdded.of(file, ana.user()));
            assertThat(read(Stage.done(ben.does(new Command.OpenAttachment(file.id()))))).isEqualTo(TEXT);
            assertThat(Stage.done(ben.does(new Command.ListAttachments(ROOM, PageRequest.first()))).items())
                    .containsExactly(file);
        }

        @ParameterizedTest
        @ValueSource(strings = {"finish", "discard"})
        void what_everybody_sees_is_no_failure_though_it_leaves_something_behind(String fails) {
            AtomicBoolean away = new AtomicBoolean(true);
            Person ana = over((method, store) -> {
                if (method.equals(fails) && away.get()) {
                    throw new UnavailableException("Scripted to fail");
                }
            }).person("ana").inRoom();
            Attachment file = uploads(ana, "f-1", "fox.txt", TEXT);
            assertThat(stage.store.attachments().of(ROOM, PageRequest.first()).items()).containsExactly(file);
            assertThat(Stage.done(ana.does(finish("f-1", TEXT))).attachment()).as("and once more").isEqualTo(file);
            away.set(false);
            stage.time.advance(Duration.ofHours(25));
            assertThat(stage.store.attachments().upload(file.id())).isEmpty();
            assertThat(stage.blobs.pieces(file.id())).isEmpty();
            assertThat(read(Stage.done(ana.does(new Command.OpenAttachment(file.id()))))).isEqualTo(TEXT);
        }

        @Test
        void what_nobody_sees_is_a_failure_until_it_is_kept() {
            AtomicBoolean away = new AtomicBoolean(true);
            Person ana = over((method, store) -> {
                if (method.equals("finish") && away.get()) {
                    throw new UnavailableException("Scripted to fail");
                }
            }).person("ana").inRoom();
            Stage.done(ana.does(new Command.BeginUpload(
                    Optional.of(new AttachmentId("f-1")), Optional.empty(), "fox.txt", "", TEXT.length(), true)));
            Stage.done(ana.does(chunk("f-1", 0, TEXT)));
            assertThat(refusal(ana.does(finish("f-1", TEXT)))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            away.set(false);
            Stage.done(ana.does(finish("f-1", TEXT)));
        }

        @Test
        void finishing_again_answers_the_same_and_changes_nothing() {
            Person ana = stage.person("ana").inRoom();
            Attachment file = uploads(ana, "f-1", "fox.txt", TEXT);
            long position = ana.session().position();
            assertThat(Stage.done(ana.does(finish("f-1", TEXT)))).isEqualTo(
                    new Command.Uploaded(file, Optional.of(ROOM)));
            assertThat(ana.session().position()).isEqualTo(position);
            assertThat(refusal(ana.does(finish("f-1", "another")))).isEqualTo(ErrorCode.CONFLICT);
            assertThat(refusal(ana.does(begin("f-1", "fox.txt", 1)))).isEqualTo(ErrorCode.CONFLICT);
        }

        @Test
        void two_clients_of_one_person_on_the_same_file_end_with_one_file() throws Exception {
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.does(begin("f-1", "fox.txt", 20)));
            List<Future<Command.Uploaded>> ends = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int client = 0; client < 8; client++) {
                    ends.add(threads.submit(() -> {
                        assertThat(ana.does(begin("f-1", "fox.txt", 20)))
                                .satisfiesAnyOf(Stage::done, again -> assertThat(refusal(again)).isEqualTo(ErrorCode.CONFLICT));
                        for (int index = 0; index < 4; index++) {
                            Outcome<Command.ChunkAdded> added =
                                    ana.does(chunk("f-1", index, TEXT.substring(index * 5, index * 5 + 5)));
                            assertThat(added)
                                    .satisfiesAnyOf(Stage::done,
                                            late -> assertThat(refusal(late)).isEqualTo(ErrorCode.NOT_FOUND));
                        }
                        return Stage.done(ana.does(finish("f-1", TEXT)));
                    }));
                }
            }
            Attachment file = stage.store.attachments().find(new AttachmentId("f-1")).orElseThrow();
            for (Future<Command.Uploaded> end : ends) {
                assertThat(end.get().attachment()).isEqualTo(file);
            }
            assertThat(stage.store.attachments().of(ROOM, PageRequest.first()).total()).isOne();
            assertThat(stage.changes(ROOM).stream().filter(body -> body instanceof Change.AttachmentAdded).count()).isOne();
        }

        @Test
        void an_upload_that_broke_off_goes_on_where_it_was_even_at_another_node() {
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.does(begin("f-1", "fox.txt", TEXT.length())));
            Stage.done(ana.does(chunk("f-1", 2, TEXT.substring(10))));
            Stage.done(ana.does(chunk("f-1", 0, TEXT.substring(0, 5))));
            Person elsewhere = stage.person(stage.another(), "ana");
            Command.Uploading again = Stage.done(elsewhere.does(begin("f-1", "fox.txt", TEXT.length())));
            assertThat(again.received()).containsExactly(0, 2);
            Stage.done(elsewhere.does(chunk("f-1", 1, TEXT.substring(5, 10))));
            assertThat(Stage.done(elsewhere.does(finish("f-1", TEXT))).attachment().size()).isEqualTo(TEXT.length());
        }

        @Test
        void without_a_session_it_is_its_owners_alone() {
            Person ana = stage.person("ana").inRoom();
            Person ben = stage.person("ben").inRoom();
            Command.Uploading begun = Stage.done(ana.does(new Command.BeginUpload(
                    Optional.empty(), Optional.empty(), "fox.txt", "", TEXT.length(), false)));
            String id = begun.upload().id().value();
            Stage.done(ana.does(chunk(id, 0, TEXT)));
            Attachment file = Stage.done(ana.does(finish(id))).attachment();
            assertThat(read(Stage.done(ana.does(new Command.OpenAttachment(file.id()))))).isEqualTo(TEXT);
            assertThat(refusal(ben.does(new Command.OpenAttachment(file.id())))).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(refusal(ben.does(new Command.GetAttachment(file.id())))).isEqualTo(ErrorCode.NOT_FOUND);
        }

        @Test
        void what_the_content_is_counts_and_not_what_the_client_says() {
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.does(new Command.BeginUpload(
                    Optional.of(new AttachmentId("f-1")), Optional.of(ROOM), "fox.md", "image/png", 20, true)));
            Stage.done(ana.does(chunk("f-1", 0, TEXT)));
            assertThat(Stage.done(ana.does(finish("f-1"))).attachment().mimeType().value()).isEqualTo("text/markdown");
        }
    }

    @Nested
    class Names {
        @Test
        void no_name_is_a_path_or_hides_anything() {
            Person ana = stage.person("ana").inRoom();
            List<String> hostile = List.of(
                    "../../etc/fox.txt", "..\\..\\fox.txt", "/fox.txt", "C:\\fox.txt", "\u0000fox.txt", "fox\r\n.txt",
                    "\u202Efox.txt", "  .fox.txt. ", "\uFEFFfox.txt", "a/../fox.txt", "\uD800fox.txt");
            for (int i = 0; i < hostile.size(); i++) {
                assertThat(uploads(ana, "f-" + i, hostile.get(i), TEXT).name().value()).isEqualTo("fox.txt");
            }
        }

        @Test
        void a_long_name_keeps_its_ending() {
            Person ana = stage.person("ana").inRoom();
            String name = uploads(ana, "f-1", "名".repeat(1000) + ".txt", TEXT).name().value();
            assertThat(name).hasSize(255).endsWith("名.txt");
        }
    }
}
