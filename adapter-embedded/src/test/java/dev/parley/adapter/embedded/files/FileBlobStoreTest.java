package dev.parley.adapter.embedded.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.store.BlobStore;
import dev.parley.testkit.store.BlobFixture;
import dev.parley.testkit.store.BlobStoreContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileBlobStoreTest extends BlobStoreContract {
    @Override
    protected BlobFixture fixture() {
        return new Folders();
    }

    @Test
    void what_a_dead_process_left_half_written_is_dropped_and_whole_pieces_stay(@TempDir Path folder) throws IOException {
        Path contents = folder.resolve("contents");
        Path pieces = folder.resolve("pieces");
        AttachmentId id = new AttachmentId("One");
        FileBlobStore before = FileBlobStore.open(contents, pieces);
        before.write(id, 0, ByteBuffer.wrap(new byte[] {1}));
        BlobStore.Draft left = before.assemble(id, 1);
        Files.writeString(pieces.resolve("u-=one").resolve("1-123.part"), "half");
        FileBlobStore after = FileBlobStore.open(contents, pieces);
        assertThat(after.pieces(id)).hasSize(1);
        assertThat(files(folder)).containsExactly("pieces/u-=one/0");
        left.close();
    }

    @Test
    void nothing_but_whole_files_is_left_behind(@TempDir Path folder) throws IOException {
        FileBlobStore store = FileBlobStore.open(folder.resolve("contents"), folder.resolve("pieces"));
        AttachmentId id = new AttachmentId("one");
        for (int i = 0; i < 3; i++) {
            store.write(id, 0, ByteBuffer.wrap(new byte[] {1}));
            try (BlobStore.Draft draft = store.assemble(id, 1)) {
                draft.keep(Instant.EPOCH);
            }
        }
        try (BlobStore.Draft draft = store.assemble(id, 1)) {
            assertThat(draft.size()).isOne();
        }
        store.discard(id);
        assertThat(files(folder)).singleElement().asString().startsWith("contents/4b/4bf5122f");
    }

    @Test
    void one_folder_may_lie_in_the_other_beside_what_is_none_of_ours(@TempDir Path folder) throws IOException {
        FileBlobStore store = FileBlobStore.open(folder, folder.resolve("temp"));
        Files.createDirectories(folder.resolve("ab"));
        Files.writeString(folder.resolve("ab/readme"), "ours");
        Files.writeString(folder.resolve("readme"), "ours");
        store.write(new AttachmentId("one"), 0, ByteBuffer.wrap(new byte[] {1}));
        Files.writeString(folder.resolve("temp/u-one/readme"), "ours");
        assertThat(store.pieces(new AttachmentId("one"))).hasSize(1);
        assertThat(store.keptBefore(Instant.MAX, Optional.empty(), 10)).isEmpty();
        assertThat(store.unfinished(Optional.empty(), 10)).containsExactly(new AttachmentId("one"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A", "aB-_9", "CON", "-", "_", "---A_A---"})
    void folders_are_named_after_ids_and_name_them(String id) {
        String name = FolderNames.of(new AttachmentId(id));
        assertThat(FolderNames.upload(name)).contains(new AttachmentId(id));
        assertThat(name).isEqualTo(name.toLowerCase(Locale.ROOT));
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString()).sorted().toList();
        }
    }

    /** Folders of their own. */
    private static final class Folders implements BlobFixture {
        private final Path path;

        Folders() {
            try {
                path = Files.createTempDirectory("parley-files");
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        @Override
        public BlobStore open() {
            return FileBlobStore.open(path.resolve("contents"), path.resolve("pieces"));
        }

        @Override
        public BlobStore reopen() {
            return open();
        }

        @Override
        public void close() {
            try (Stream<Path> files = Files.walk(path)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
