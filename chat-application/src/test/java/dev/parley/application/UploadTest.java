package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.PageRequest;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.BlobStore;
import dev.parley.testkit.file.Bytes;
import dev.parley.testkit.file.ScriptedScanner;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files on their way in, and what becomes of those that should not come. */
class UploadTest {

    private static final SessionId ROOM = new SessionId(Person.ROOM);
    private static final String TEXT = "The quick brown fox.";

    private Stage stage = Stage.open();

    @AfterEach
    void close() {
        stage.close();
    }

    private void open(UploadSettings uploads) {
        stage.close();
        stage = Stage.open(rules -> rules.uploads = uploads);
    }

    /** What happens before a method of a store of files is called. */
    @FunctionalInterface
    private interface Before {
        void call(String method, Object store);
    }

    /** Over stores of files that {@code before} comes before. */
    private Stage over(Before before) {
        stage.close();
        stage = Stage.open(rules -> {},
                p -> new Ports(p.sessions(), p.messages(), p.replies(), p.revocations(), p.audit(), p.topics(),
                        new FilePorts(
                                twin(AttachmentStore.class, p.files().facts(), before),
                                twin(BlobStore.class, p.files().bytes(), before),
                                p.files().inspector(),
                                p.files().scanner()),
                        p.streams(), p.bus(), p.presence(), p.limiter(), p.leases(), p.connections(), p.llm(), p.models(),
                        p.projects(), p.telemetry(), p.ids(), p.timers(), p.clock()));
        return stage;
    }

    private static <T> T twin(Class<T> port, T store, Before before) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
            before.call(method.getName(), store);
            try {
                return method.invoke(store, arguments);
            } catch (InvocationTargetException failed) {
                throw failed.getCause();
            }
        }));
    }

    private static UploadSettings bounds(long maxFile, int maxChunk, long quota) {
        return new UploadSettings(
                maxFile, maxChunk, quota, Optional.empty(), Duration.ofHours(24), Duration.ofHours(24));
    }

    private static Command.BeginUpload begin(String id, String name, long size) {
        return new Command.BeginUpload(
                Optional.of(new AttachmentId(id)), Optional.of(ROOM), name, "text/plain", size, true);
    }

    private static Command.AddChunk chunk(String id, int index, String text) {
        return new Command.AddChunk(
                new AttachmentId(id), index, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Command.FinishUpload finish(String id) {
        return new Command.FinishUpload(new AttachmentId(id), Optional.empty(), Optional.empty());
    }

    private static Command.FinishUpload finish(String id, String content) {
        Sha256 hash = Sha256.of(content.getBytes(StandardCharsets.UTF_8));
        return new Command.FinishUpload(new AttachmentId(id), Optional.of(hash), Optional.empty());
    }

    private static Attachment uploads(Person who, String id, String name, String content) {
        Stage.done(who.does(begin(id, name, content.getBytes(StandardCharsets.UTF_8).length)));
        Stage.done(who.does(chunk(id, 0, content)));
        return Stage.done(who.does(finish(id, content))).attachment();
    }

    private static String read(Command.OpenedFile file) {
        try (InputStream in = file.content().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static ErrorCode refusal(Outcome<?> outcome) {
        return Stage.code(outcome);
    }

    private void assertNothingLeft(String id) {
        assertThat(stage.store.attachments().upload(new AttachmentId(id))).isEmpty();
        assertThat(stage.store.attachments().find(new AttachmentId(id))).isEmpty();
        assertThat(stage.blobs.pieces(new AttachmentId(id))).isEmpty();
    }

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

    @Nested
    class Refused {
        @Test
        void somebody_elses_file_id() {
            Person ana = stage.person("ana").inRoom();
            Person ben = stage.person("ben").inRoom();
            Stage.done(ana.does(begin("f-1", "fox.txt", 5)));
            assertThat(refusal(ben.does(begin("f-1", "fox.txt", 5)))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(refusal(ben.does(chunk("f-1", 0, "evil!")))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(refusal(ben.does(finish("f-1")))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(refusal(ben.does(new Command.AbandonUpload(new AttachmentId("f-1"))))).isEqualTo(ErrorCode.FORBIDDEN);
            Stage.done(ana.does(chunk("f-1", 0, "hello")));
            Stage.done(ana.does(finish("f-1")));
            assertThat(refusal(ben.does(begin("f-1", "fox.txt", 5)))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(refusal(ben.does(finish("f-1")))).isEqualTo(ErrorCode.FORBIDDEN);
        }

        @Test
        void what_never_began() {
            Person ana = stage.person("ana").inRoom();
            assertThat(refusal(ana.does(chunk("nothing", 0, "x")))).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(refusal(ana.does(finish("nothing")))).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(refusal(ana.does(new Command.AbandonUpload(new AttachmentId("nothing"))))).isEqualTo(ErrorCode.NOT_FOUND);
        }

        @Test
        void a_session_that_one_may_not_write_to_at_any_step() {
            Person ana = stage.person("ana");
            Person ben = stage.person("ben");
            ana.group(Person.ROOM, ben);
            Person cy = stage.person("cy");
            assertThat(refusal(cy.does(begin("f-0", "fox.txt", 5)))).isEqualTo(ErrorCode.FORBIDDEN);
            Stage.done(ben.does(begin("f-1", "fox.txt", 5)));
            Stage.done(ben.does(chunk("f-1", 0, "hel")));
            Stage.done(ana.does(new Command.RemoveMember(ROOM, ben.user())));
            assertThat(refusal(ben.does(chunk("f-1", 1, "lo")))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(refusal(ben.does(finish("f-1")))).isEqualTo(ErrorCode.FORBIDDEN);
        }

        @Test
        void another_file_under_the_id_of_one_that_is_coming_in() {
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.does(begin("f-1", "fox.txt", 5)));
            assertThat(refusal(ana.does(begin("f-1", "fox.txt", 6)))).isEqualTo(ErrorCode.CONFLICT);
            assertThat(refusal(ana.does(begin("f-1", "cat.txt", 5)))).isEqualTo(ErrorCode.CONFLICT);
        }

        @Test
        void missing_pieces_by_their_indexes() {
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.does(begin("f-1", "fox.txt", 20)));
            Stage.done(ana.does(chunk("f-1", 0, "12345")));
            Stage.done(ana.does(chunk("f-1", 3, "12345")));
            Outcome<Command.Uploaded> outcome = ana.does(finish("f-1"));
            assertThat(refusal(outcome)).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(outcome.toString()).contains("2 missing: [1, 2]");
            Stage.done(ana.does(chunk("f-1", 1, "12345")));
            Stage.done(ana.does(chunk("f-1", 2, "12345")));
            assertThat(refusal(ana.does(new Command.FinishUpload(
                    new AttachmentId("f-1"), Optional.empty(), Optional.of(5))))).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(refusal(ana.does(new Command.FinishUpload(
                    new AttachmentId("f-1"), Optional.empty(), Optional.of(3))))).isEqualTo(ErrorCode.BAD_REQUEST);
            Stage.done(ana.does(new Command.FinishUpload(new AttachmentId("f-1"), Optional.empty(), Optional.of(4))));
        }

        @Test
        void a_file_that_is_shorter_than_was_said() {
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.does(begin("f-1", "fox.txt", 20)));
            Stage.done(ana.does(chunk("f-1", 0, "12345")));
            assertThat(refusal(ana.does(finish("f-1")))).isEqualTo(ErrorCode.BAD_REQUEST);
        }

        @Test
        void a_wrong_checksum_until_the_bad_piece_is_sent_again() {
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.does(begin("f-1", "fox.txt", TEXT.length())));
            Stage.done(ana.does(chunk("f-1", 0, "THE" + TEXT.substring(3))));
            assertThat(refusal(ana.does(finish("f-1", TEXT)))).isEqualTo(ErrorCode.CHECKSUM);
            assertThat(stage.store.attachments().of(ROOM, PageRequest.first()).total()).isZero();
            Stage.done(ana.does(chunk("f-1", 0, TEXT)));
            Stage.done(ana.does(finish("f-1", TEXT)));
        }

        @Test
        void a_kind_that_is_not_let_in_with_everything_that_came() {
            Person ana = stage.person("ana").inRoom();
            for (String name : List.of("fox.exe", "fox.png", "fox")) {
                Stage.done(ana.does(begin("f-1", name, 5)));
                Stage.done(ana.does(chunk("f-1", 0, "MZ 12")));
                assertThat(refusal(ana.does(finish("f-1")))).as(name).isEqualTo(ErrorCode.FILE_TYPE);
                assertNothingLeft("f-1");
            }
        }

        @Test
        void nonsense() {
            Person ana = stage.person("ana").inRoom();
            assertThat(refusal(ana.does(begin("f-1", "fox.txt", -1)))).isEqualTo(ErrorCode.BAD_REQUEST);
            Stage.done(ana.does(begin("f-1", "fox.txt", 5)));
            assertThat(refusal(ana.does(chunk("f-1", -1, "x")))).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(refusal(ana.does(chunk("f-1", 10_000, "x")))).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(refusal(ana.does(chunk("f-1", 0, "")))).isEqualTo(ErrorCode.BAD_REQUEST);
        }
    }

    @Nested
    class Viruses {
        private final ScriptedScanner scanner = new ScriptedScanner();

        private void scanning() {
            stage.close();
            stage = Stage.scanning(scanner);
        }

        @Test
        void an_infected_file_is_dropped() {
            scanning();
            Person ana = stage.person("ana").inRoom();
            String eicar = new String(Bytes.eicar().all(), StandardCharsets.US_ASCII);
            Stage.done(ana.does(begin("f-1", "fox.txt", eicar.length())));
            Stage.done(ana.does(chunk("f-1", 0, eicar)));
            assertThat(refusal(ana.does(finish("f-1", eicar)))).isEqualTo(ErrorCode.FILE_INFECTED);
            assertNothingLeft("f-1");
            assertThat(stage.blobs.find(Sha256.of(Bytes.eicar().all()))).isEmpty();
        }

        @Test
        void what_cannot_be_scanned_waits_for_the_scanner() {
            scanning();
            Person ana = stage.person("ana").inRoom();
            scanner.away(true);
            Stage.done(ana.does(begin("f-1", "fox.txt", TEXT.length())));
            Stage.done(ana.does(chunk("f-1", 0, TEXT)));
            assertThat(refusal(ana.does(finish("f-1", TEXT)))).isEqualTo(ErrorCode.FILE_UNSCANNABLE);
            assertThat(stage.blobs.find(Sha256.of(TEXT.getBytes(StandardCharsets.UTF_8)))).isEmpty();
            scanner.away(false);
            Stage.done(ana.does(finish("f-1", TEXT)));
            assertThat(scanner.scans()).isEqualTo(2);
        }
    }

    @Nested
    class Bounds {
        @Test
        void a_file_a_piece_and_everything_together_are_bounded() {
            open(bounds(50, 10, 100));
            Person ana = stage.person("ana").inRoom();
            assertThat(refusal(ana.does(begin("f-1", "fox.txt", 51)))).isEqualTo(ErrorCode.FILE_TOO_LARGE);
            assertThat(Stage.done(ana.does(begin("f-1", "fox.txt", 50))).maxChunk()).isEqualTo(10);
            assertThat(refusal(ana.does(chunk("f-1", 0, "12345678901")))).isEqualTo(ErrorCode.FILE_TOO_LARGE);
            Stage.done(ana.does(begin("f-2", "fox.txt", 50)));
            assertThat(refusal(ana.does(begin("f-3", "fox.txt", 1)))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
            Stage.done(ana.does(new Command.AbandonUpload(new AttachmentId("f-1"))));
            assertNothingLeft("f-1");
            Stage.done(ana.does(begin("f-3", "fox.txt", 1)));
        }

        @Test
        void an_upload_that_never_ends_is_cut_off_at_what_was_said() {
            open(bounds(50, 10, 100));
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.does(begin("f-1", "fox.txt", 25)));
            Stage.done(ana.does(chunk("f-1", 0, "1234567890")));
            Stage.done(ana.does(chunk("f-1", 1, "1234567890")));
            Stage.done(ana.does(chunk("f-1", 1, "0987654321")));
            assertThat(refusal(ana.does(chunk("f-1", 2, "1234567890")))).isEqualTo(ErrorCode.FILE_TOO_LARGE);
            assertThat(stage.blobs.pieces(new AttachmentId("f-1"))).hasSize(2);
        }

        @Test
        void bytes_count_against_the_rate_and_a_refused_piece_costs_nothing() {
            open(perMinute(200));
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.does(begin("f-1", "fox.txt", 500_000)));
            Stage.done(ana.does(chunk("f-1", 0, "x".repeat(128 * 1024))));
            Outcome<Command.ChunkAdded> denied = ana.does(chunk("f-1", 1, "x".repeat(73 * 1024)));
            assertThat(refusal(denied)).isEqualTo(ErrorCode.RATE_LIMIT);
            Stage.done(ana.does(chunk("f-1", 1, "x".repeat(72 * 1024))));
            stage.time.advance(Duration.ofMinutes(1));
            Stage.done(ana.does(chunk("f-1", 2, "x".repeat(73 * 1024))));
        }

        @Test
        void very_small_pieces_are_not_free() {
            open(perMinute(128));
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.does(begin("f-1", "fox.txt", 500_000)));
            Stage.done(ana.does(chunk("f-1", 0, "x")));
            Stage.done(ana.does(chunk("f-1", 1, "x")));
            assertThat(refusal(ana.does(chunk("f-1", 2, "x")))).isEqualTo(ErrorCode.RATE_LIMIT);
        }

        @Test
        void a_piece_has_the_others_listed_but_once() {
            AtomicInteger lists = new AtomicInteger();
            Person ana = over((method, blobs) -> {
                if (method.equals("pieces")) {
                    lists.incrementAndGet();
                }
            }).person("ana").inRoom();
            Stage.done(ana.does(begin("f-1", "fox.txt", TEXT.length())));
            Stage.done(ana.does(chunk("f-1", 0, TEXT.substring(0, 5))));
            Stage.done(ana.does(chunk("f-1", 2, TEXT.substring(10))));
            Command.ChunkAdded added = Stage.done(ana.does(chunk("f-1", 2, TEXT.substring(12))));
            assertThat(added.received()).isEqualTo(2);
            assertThat(added.bytes()).isEqualTo(13);
            assertThat(lists).hasValue(3);
        }

        private static UploadSettings perMinute(int kibibytes) {
            return new UploadSettings(
                    500_000,
                    500_000,
                    1_000_000,
                    Optional.of(new Quota(kibibytes, Duration.ofMinutes(1))),
                    Duration.ofHours(24),
                    Duration.ofHours(24));
        }
    }

    @Nested
    class Left {
        @Test
        void uploads_that_stand_still_are_swept_and_those_that_grow_are_not() {
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.does(begin("f-1", "fox.txt", 10)));
            Stage.done(ana.does(begin("f-2", "fox.txt", 10)));
            Stage.done(ana.does(chunk("f-1", 0, "12345")));
            stage.time.advance(Duration.ofHours(20));
            Stage.done(ana.does(chunk("f-2", 0, "12345")));
            stage.time.advance(Duration.ofHours(5));
            assertNothingLeft("f-1");
            assertThat(stage.blobs.pieces(new AttachmentId("f-2"))).hasSize(1);
            assertThat(refusal(ana.does(chunk("f-1", 1, "12345")))).isEqualTo(ErrorCode.NOT_FOUND);
        }

        @Test
        void files_that_nobody_used_and_bytes_that_nobody_knows_are_swept() {
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.does(new Command.BeginUpload(
                    Optional.of(new AttachmentId("f-1")), Optional.empty(), "fox.txt", "", 5, true)));
            Stage.done(ana.does(chunk("f-1", 0, "alone")));
            Attachment alone = Stage.done(ana.does(finish("f-1"))).attachment();
            Attachment used = uploads(ana, "f-2", "fox.txt", TEXT);
            stage.blobs.write(new AttachmentId("lost"), 0, ByteBuffer.wrap(new byte[] {1}));
            stage.time.advance(Duration.ofHours(25));
            assertNothingLeft("f-1");
            assertThat(stage.blobs.find(alone.sha256().orElseThrow())).isEmpty();
            assertThat(stage.blobs.find(used.sha256().orElseThrow())).isPresent();
            assertThat(stage.blobs.unfinished(Optional.empty(), 10)).isEmpty();
        }

        @Test
        void a_purged_session_takes_its_files_along_but_not_what_is_in_another_one() {
            Person ana = stage.person("ana").inRoom();
            Attachment gone = uploads(ana, "f-1", "fox.txt", TEXT);
            Attachment shared = uploads(ana, "f-2", "fox.txt", "shared");
            Stage.done(ana.enters("other", Visibility.PRIVATE));
            ana.saysWith("other", "again", shared.id());
            Stage.done(ana.does(new Command.PurgeSession(ROOM)));
            assertThat(stage.store.attachments().find(gone.id())).isEmpty();
            assertThat(stage.store.attachments().find(shared.id())).contains(shared);
            assertThat(read(Stage.done(ana.does(new Command.OpenAttachment(shared.id()))))).isEqualTo("shared");
        }
    }
}
