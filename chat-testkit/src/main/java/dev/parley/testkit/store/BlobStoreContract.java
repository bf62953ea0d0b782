package dev.parley.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.store.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link BlobStore} keeps to. */
public abstract class BlobStoreContract {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final AttachmentId ONE = new AttachmentId("one");
    private static final AttachmentId TWO = new AttachmentId("Two_-2");

    private @Nullable BlobFixture fixture;
    private @Nullable BlobStore blobs;

    /** Makes the fixture of one test. */
    protected abstract BlobFixture fixture();

    @BeforeEach
    final void openTheStore() {
        fixture = fixture();
        blobs = fixture.open();
    }

    @AfterEach
    final void closeTheStore() {
        if (fixture != null) {
            fixture.close();
        }
    }

    private BlobStore blobs() {
        if (blobs == null) {
            throw new IllegalStateException("Expected an open store");
        }
        return blobs;
    }

    private void reopen() {
        if (fixture != null) {
            blobs = fixture.reopen();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] random(int seed, int length) {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        return content;
    }

    private static byte[] read(FileContent content, long offset) {
        try (InputStream in = content.open(offset)) {
            return in.readAllBytes();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private void write(AttachmentId upload, int index, String text) {
        blobs().write(upload, index, ByteBuffer.wrap(bytes(text)));
    }

    private Sha256 keep(AttachmentId upload, String text, Instant at) {
        write(upload, 0, text);
        try (BlobStore.Draft draft = blobs().assemble(upload, 1)) {
            draft.keep(at);
            return draft.sha256();
        } finally {
            blobs().discard(upload);
        }
    }

    private String found(Sha256 hash) {
        return new String(read(blobs().find(hash).orElseThrow(), 0), StandardCharsets.UTF_8);
    }

    @Nested
    class Pieces {
        @Test
        void pieces_come_in_any_order_and_survive_a_restart() {
            write(ONE, 2, "c");
            write(ONE, 0, "aaa");
            write(TWO, 0, "other");
            reopen();
            write(ONE, 1, "bb");
            assertThat(blobs().pieces(ONE)).containsExactly(Map.entry(0, 3L), Map.entry(1, 2L), Map.entry(2, 1L));
            try (BlobStore.Draft draft = blobs().assemble(ONE, 3)) {
                assertThat(draft.size()).isEqualTo(6);
                assertThat(read(draft, 0)).isEqualTo(bytes("aaabbc"));
                assertThat(draft.sha256()).isEqualTo(Sha256.of(bytes("aaabbc")));
            }
        }

        @Test
        void the_same_index_again_replaces_it() {
            write(ONE, 0, "first and longer");
            write(ONE, 0, "second");
            assertThat(blobs().pieces(ONE)).containsExactly(Map.entry(0, 6L));
            try (BlobStore.Draft draft = blobs().assemble(ONE, 1)) {
                assertThat(read(draft, 0)).isEqualTo(bytes("second"));
            }
        }

        @Test
        void the_part_of_a_buffer_that_is_meant_is_kept_and_the_buffer_stays_as_it_is() {
            ByteBuffer buffer = ByteBuffer.wrap(bytes("xxpiecexx"), 2, 5).asReadOnlyBuffer();
            blobs().write(ONE, 0, buffer);
            assertThat(buffer.remaining()).isEqualTo(5);
            try (BlobStore.Draft draft = blobs().assemble(ONE, 1)) {
                assertThat(read(draft, 0)).isEqualTo(bytes("piece"));
            }
        }

        @Test
        void a_missing_piece_is_missed() {
            write(ONE, 0, "a");
            write(ONE, 2, "c");
            assertThatThrownBy(() -> blobs().assemble(ONE, 3)).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(() -> blobs().assemble(TWO, 1)).isInstanceOf(NoSuchElementException.class);
            assertThat(blobs().pieces(ONE)).hasSize(2);
        }

        @Test
        void nothing_at_all_makes_an_empty_file() {
            try (BlobStore.Draft draft = blobs().assemble(ONE, 0)) {
                assertThat(draft.size()).isZero();
                assertThat(draft.sha256()).isEqualTo(Sha256.of(new byte[0]));
                draft.keep(NOW);
                assertThat(blobs().find(draft.sha256())).isPresent();
            }
        }

        @Test
        void discarding_drops_the_pieces_of_that_upload_alone() {
            write(ONE, 0, "a");
            write(TWO, 0, "b");
            blobs().discard(ONE);
            blobs().discard(ONE);
            reopen();
            assertThat(blobs().pieces(ONE)).isEmpty();
            assertThat(blobs().pieces(TWO)).hasSize(1);
        }

        @Test
        void uploads_with_pieces_are_listed_in_the_order_of_their_ids() {
            for (String id : List.of("b", "B", "a", "-", "_", "CON")) {
                write(new AttachmentId(id), 0, id);
            }
            reopen();
            assertThat(blobs().unfinished(Optional.empty(), 10)).extracting(AttachmentId::value)
                    .containsExactly("-", "B", "CON", "_", "a", "b");
            assertThat(blobs().unfinished(Optional.of(new AttachmentId("CON")), 2)).extracting(AttachmentId::value)
                    .containsExactly("_", "a");
            try (BlobStore.Draft draft = blobs().assemble(new AttachmentId("B"), 1)) {
                assertThat(read(draft, 0)).isEqualTo(bytes("B"));
            }
        }

        @Test
        void two_who_write_the_same_upload_disturb_nobody() throws Exception {
            List<Future<?>> writes = new ArrayList<>();
            byte[] content = random(7, 64 * 1024);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 64; i++) {
                    int index = i % 16;
                    ByteBuffer piece = ByteBuffer.wrap(content, index * 4096, 4096);
                    writes.add(threads.submit(() -> blobs().write(ONE, index, piece)));
                }
            }
            for (Future<?> write : writes) {
                write.get();
            }
            try (BlobStore.Draft draft = blobs().assemble(ONE, 16)) {
                assertThat(read(draft, 0)).isEqualTo(content);
            }
        }
    }

    @Nested
    class Contents {
        @Test
        void a_draft_is_found_by_nobody_until_it_is_kept() {
            write(ONE, 0, "content");
            Sha256 hash = Sha256.of(bytes("content"));
            try (BlobStore.Draft draft = blobs().assemble(ONE, 1)) {
                assertThat(blobs().find(hash)).isEmpty();
            }
            assertThat(blobs().find(hash)).isEmpty();
            keep(TWO, "content", NOW);
            reopen();
            assertThat(found(hash)).isEqualTo("content");
            assertThat(blobs().find(Sha256.of(bytes("other")))).isEmpty();
        }

        @Test
        void a_large_content_comes_out_as_it_went_in_from_any_place() {
            byte[] content = random(1, 3_000_001);
            MessageDigest digest = Sha256.digest();
            digest.update(content);
            for (int at = 0, index = 0; at < content.length; at += 1_000_000, index++) {
                blobs().write(ONE, index, ByteBuffer.wrap(content, at, Math.min(1_000_000, content.length - at)));
            }
            try (BlobStore.Draft draft = blobs().assemble(ONE, 4)) {
                draft.keep(NOW);
            }
            FileContent kept = blobs().find(Sha256.of(digest)).orElseThrow();
            assertThat(kept.size()).isEqualTo(content.length);
            assertThat(read(kept, 0)).isEqualTo(content);
            for (int offset : new int[] {1, 999_999, 1_000_000, 2_500_000, content.length - 1, content.length}) {
                assertThat(read(kept, offset)).isEqualTo(Arrays.copyOfRange(content, offset, content.length));
            }
        }

        @Test
        void equal_contents_are_one_and_the_later_keeping_counts() {
            Sha256 hash = keep(ONE, "same", NOW);
            keep(TWO, "same", NOW.plusSeconds(10));
            keep(TWO, "same", NOW.plusSeconds(5));
            assertThat(blobs().keptBefore(NOW.plusSeconds(100), Optional.empty(), 10)).containsExactly(hash);
            assertThat(blobs().remove(hash, NOW.plusSeconds(10))).isFalse();
            assertThat(found(hash)).isEqualTo("same");
            reopen();
            assertThat(blobs().remove(hash, NOW.plusSeconds(10))).isFalse();
            assertThat(blobs().remove(hash, NOW.plusSeconds(11))).isTrue();
            assertThat(blobs().remove(hash, NOW.plusSeconds(11))).isFalse();
            assertThat(blobs().find(hash)).isEmpty();
        }

        @Test
        void old_contents_are_listed_in_the_order_of_their_hashes() {
            List<Sha256> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(keep(ONE, "content " + i, NOW));
            }
            Sha256 fresh = keep(ONE, "fresh", NOW.plusSeconds(60));
            all.sort(null);
            Instant before = NOW.plusSeconds(1);
            assertThat(blobs().keptBefore(before, Optional.empty(), 10)).isEqualTo(all).doesNotContain(fresh);
            assertThat(blobs().keptBefore(before, Optional.empty(), 4)).isEqualTo(all.subList(0, 4));
            assertThat(blobs().keptBefore(before, Optional.of(all.get(3)), 4)).isEqualTo(all.subList(4, 6));
            assertThat(blobs().keptBefore(NOW, Optional.empty(), 10)).isEmpty();
        }

        @Test
        void a_stream_that_is_open_goes_on_when_the_content_is_removed() throws IOException {
            Sha256 hash = keep(ONE, "going, going, gone", NOW);
            try (InputStream in = blobs().find(hash).orElseThrow().open()) {
                assertThat(new String(in.readNBytes(5), StandardCharsets.UTF_8)).isEqualTo("going");
                assertThat(blobs().remove(hash, NOW.plusSeconds(1))).isTrue();
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(", going, gone");
            }
        }

        @Test
        void the_pieces_may_go_as_soon_as_the_draft_is_there() {
            write(ONE, 0, "content");
            try (BlobStore.Draft draft = blobs().assemble(ONE, 1)) {
                blobs().discard(ONE);
                draft.keep(NOW);
                assertThat(read(draft, 3)).isEqualTo(bytes("tent"));
            }
            assertThat(found(Sha256.of(bytes("content")))).isEqualTo("content");
        }
    }
}
