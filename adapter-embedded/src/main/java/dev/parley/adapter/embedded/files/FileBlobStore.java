package dev.parley.adapter.embedded.files;

import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.store.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * Pieces as files of one folder, contents as files of another, named by their hash; for one process.
 *
 * <p>Everything is written aside, forced to the disk and renamed, so that a file under its name is whole. No name that a client
 * chose reaches the file system as it is. A content's time of change says when it was last kept.
 */
public final class FileBlobStore implements BlobStore {
    private static final String DRAFTS = ".drafts";
    private static final String ASIDE = ".part";
    /** Other folders in there are none of ours: the one for the pieces, perhaps. */
    private static final Pattern HASH_FOLDER = Pattern.compile("[0-9a-f]{2}");
    private static final Pattern PIECE = Pattern.compile("[0-9]{1,5}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final Path contents;
    private final Path drafts;
    private final Path pieces;
    private final ReentrantLock keeping = new ReentrantLock();

    private FileBlobStore(Path contents, Path pieces) {
        this.contents = contents;
        this.drafts = contents.resolve(DRAFTS);
        this.pieces = pieces;
    }

    /**
     * Makes the folders where they are not there, and drops what a process that died had begun to write.
     *
     * @param contents where finished files are
     * @param pieces where unfinished ones are; another folder
     * @throws UnavailableException when one of them cannot be written
     */
    public static FileBlobStore open(Path contents, Path pieces) {
        FileBlobStore store = new FileBlobStore(contents, pieces);
        try {
            Files.createDirectories(store.drafts);
            Files.createDirectories(pieces);
            Folders.empty(store.drafts);
            for (Path upload : Folders.list(pieces)) {
                for (Path left : Folders.list(upload)) {
                    if (left.toString().endsWith(ASIDE)) {
                        Files.deleteIfExists(left);
                    }
                }
            }
            return store;
        } catch (IOException unusable) {
            throw away("to use " + contents + " and " + pieces, unusable);
        }
    }

    @Override
    public void write(AttachmentId upload, int index, ByteBuffer bytes) {
        if (index < 0 || index >= Upload.MAX_PIECES) {
            throw new IllegalArgumentException("Expected a piece before " + Upload.MAX_PIECES + ", found " + index);
        }
        Path folder = folder(upload);
        try {
            try {
                write(folder, index, bytes);
            } catch (NoSuchFileException discardedMeanwhile) {
                write(folder, index, bytes);
            }
        } catch (IOException failed) {
            throw away("to keep a piece of an upload", failed);
        }
    }

    private static void write(Path folder, int index, ByteBuffer bytes) throws IOException {
        boolean fresh = !Files.isDirectory(folder);
        Files.createDirectories(folder);
        Path aside = Files.createTempFile(folder, index + "-", ASIDE);
        boolean done = false;
        try {
            try (FileChannel out = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                ByteBuffer rest = bytes.duplicate();
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                out.force(true);
            }
            Files.move(
                    aside,
                    folder.resolve(Integer.toString(index)),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            done = true;
            Folders.force(folder);
            if (fresh) {
                Folders.force(folder.toAbsolutePath().getParent());
            }
        } finally {
            if (!done) {
                Files.deleteIfExists(aside);
            }
        }
    }

    @Override
    public SortedMap<Integer, Long> pieces(AttachmentId upload) {
        SortedMap<Integer, Long> sizes = new TreeMap<>();
        try {
            for (Path piece : Folders.list(folder(upload))) {
                String name = piece.getFileName().toString();
                if (PIECE.matcher(name).matches()) {
                    sizes.put(Integer.valueOf(name), Files.size(piece));
                }
            }
            return sizes;
        } catch (NoSuchFileException discardedMeanwhile) {
            return new TreeMap<>();
        } catch (IOException failed) {
            throw away("to look at the pieces of an upload", failed);
        }
    }

    @Override
    public Draft assemble(AttachmentId upload, int count) {
        Path folder = folder(upload);
        Path aside = null;
        boolean done = false;
        try {
            aside = Files.createTempFile(drafts, "draft-", ASIDE);
            MessageDigest digest = Sha256.digest();
            long size = 0;
            try (FileChannel out = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.allocate(Folders.BUFFER);
                for (int index = 0; index < count; index++) {
                    size += append(folder.resolve(Integer.toString(index)), out, digest, buffer);
                }
                out.force(true);
            }
            done = true;
            return new FileDraft(aside, size, Sha256.of(digest));
        } catch (NoSuchFileException missing) {
            throw new NoSuchElementException("Expected all pieces of the upload, found one missing", missing);
        } catch (IOException failed) {
            throw away("to put a file together", failed);
        } finally {
            if (!done && aside != null) {
                Folders.deleteQuietly(aside);
            }
        }
    }

    private static long append(Path piece, FileChannel out, MessageDigest digest, ByteBuffer buffer)
            throws IOException {
        long size = 0;
        try (FileChannel in = FileChannel.open(piece, StandardOpenOption.READ)) {
            while (in.read(buffer.clear()) >= 0) {
                buffer.flip();
                size += buffer.remaining();
                digest.update(buffer.duplicate());
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
        }
        return size;
    }

    @Override
    public void discard(AttachmentId upload) {
        Path folder = folder(upload);
        try {
            if (Files.isDirectory(folder)) {
                Folders.empty(folder);
                Files.deleteIfExists(folder);
            }
        } catch (IOException failed) {
            throw away("to drop an upload", failed);
        }
    }

    @Override
    public List<AttachmentId> unfinished(Optional<AttachmentId> after, int limit) {
        try {
            return Folders.list(pieces)
                    .stream()
                    .map(Path::getFileName)
                    .map(Path::toString)
                    .flatMap(name -> FolderNames.upload(name).stream())
                    .filter(id -> after.isEmpty() || id.compareTo(after.get()) > 0)
                    .sorted()
                    .limit(limit)
                    .toList();
        } catch (IOException failed) {
            throw away("to look for unfinished uploads", failed);
        }
    }

    @Override
    public Optional<FileContent> find(Sha256 content) {
        Path file = file(content);
        try {
            return Optional.of(new OnDisk(file, Files.size(file)));
        } catch (NoSuchFileException unknown) {
            return Optional.empty();
        } catch (IOException failed) {
            throw away("to find a file", failed);
        }
    }

    @Override
    public List<Sha256> keptBefore(Instant before, Optional<Sha256> after, int limit) {
        List<Sha256> found = new ArrayList<>();
        String last = after.map(Sha256::hex).orElse("");
        try {
            for (Path folder : Folders.list(contents)) {
                String prefix = folder.getFileName().toString();
                boolean passed = !last.isEmpty() && prefix.compareTo(last.substring(0, 2)) < 0;
                if (found.size() >= limit || passed || !HASH_FOLDER.matcher(prefix).matches()) {
                    continue;
                }
                for (Path file : Folders.list(folder)) {
                    String name = file.getFileName().toString();
                    if (found.size() < limit && HASH.matcher(name).matches() && name.compareTo(last) > 0
                            && keptAt(file).isBefore(before)) {
                        found.add(new Sha256(name));
                    }
                }
            }
            return found;
        } catch (IOException failed) {
            throw away("to look for old files", failed);
        }
    }

    @Override
    public boolean remove(Sha256 content, Instant before) {
        Path file = file(content);
        keeping.lock();
        try {
            if (!Files.exists(file) || !keptAt(file).isBefore(before)) {
                return false;
            }
            return Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw away("to remove a file", failed);
        } finally {
            keeping.unlock();
        }
    }

    private Path folder(AttachmentId upload) {
        return pieces.resolve(FolderNames.of(upload));
    }

    private Path file(Sha256 content) {
        return contents.resolve(content.hex().substring(0, 2)).resolve(content.hex());
    }

    private static Instant keptAt(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant();
    }

    private static UnavailableException away(String what, IOException cause) {
        return new UnavailableException("Expected " + what + ", found " + cause, cause);
    }

    /** A file that nobody renames or writes any more. */
    private record OnDisk(Path file, long size) implements FileContent {
        @Override
        public InputStream open(long offset) {
            try {
                return Folders.open(file, offset);
            } catch (IOException failed) {
                throw away("to read a file", failed);
            }
        }
    }

    /** A whole file aside. */
    private final class FileDraft implements Draft {
        private final Path aside;
        private final long size;
        private final Sha256 sha256;
        private Path now;

        FileDraft(Path aside, long size, Sha256 sha256) {
            this.aside = aside;
            this.size = size;
            this.sha256 = sha256;
            this.now = aside;
        }

        @Override
        public Sha256 sha256() {
            return sha256;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public InputStream open(long offset) {
            return new OnDisk(now, size).open(offset);
        }

        @Override
        public void keep(Instant at) {
            Path file = file(sha256);
            keeping.lock();
            try {
                boolean there = Files.exists(file) && Files.size(file) == size;
                Instant since = there && keptAt(file).isAfter(at) ? keptAt(file) : at;
                Files.createDirectories(file.getParent());
                if (!there) {
                    Files.move(
                            aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                }
                Files.setLastModifiedTime(file, FileTime.from(since));
                Folders.force(file.getParent());
                Folders.force(contents);
                now = file;
            } catch (IOException failed) {
                throw away("to keep a file", failed);
            } finally {
                keeping.unlock();
            }
        }

        @Override
        public void close() {
            Folders.deleteQuietly(aside);
        }
    }
}
