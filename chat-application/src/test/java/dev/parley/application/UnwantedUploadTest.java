package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.PageRequest;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.session.Visibility;
import dev.parley.testkit.file.Bytes;
import dev.parley.testkit.file.ScriptedScanner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Files that should not come, or not so many, and what is left of them. */
class UnwantedUploadTest extends Uploading {

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
