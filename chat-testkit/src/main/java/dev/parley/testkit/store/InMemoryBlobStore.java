package dev.parley.testkit.store;

import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.store.BlobStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The bytes of files in memory: for tests of what lies above the stores. It keeps all promises but durability and thrift. */
public final class InMemoryBlobStore implements BlobStore {

    private record Blob(Instant keptAt, FileContent content) {}

    private record Bytes(byte[] all) implements FileContent {
        @Override
        public long size() {
            return all.length;
        }

        @Override
        public InputStream open(long offset) {
            return new ByteArrayInputStream(all, (int) offset, all.length - (int) offset);
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<AttachmentId, SortedMap<Integer, byte[]>> pieces = new TreeMap<>();
    private final Map<Sha256, Blob> blobs = new TreeMap<>();

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(AttachmentId upload, int index, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        locked(() -> Optional.ofNullable(
                pieces.computeIfAbsent(upload, id -> new TreeMap<>()).put(index, copy)));
    }

    @Override
    public SortedMap<Integer, Long> pieces(AttachmentId upload) {
        return locked(() -> {
            SortedMap<Integer, Long> sizes = new TreeMap<>();
            pieces.getOrDefault(upload, new TreeMap<>())
                    .forEach((index, bytes) -> sizes.put(index, (long) bytes.length));
            return sizes;
        });
    }

    @Override
    public Draft assemble(AttachmentId upload, int count) {
        return locked(() -> {
            SortedMap<Integer, byte[]> there = pieces.getOrDefault(upload, new TreeMap<>());
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            for (int index = 0; index < count; index++) {
                byte[] piece = Optional.ofNullable(there.get(index))
                        .orElseThrow(() -> new NoSuchElementException("Expected all pieces"));
                whole.writeBytes(piece);
            }
            return new MemoryDraft(new Bytes(whole.toByteArray()));
        });
    }

    private final class MemoryDraft implements Draft {
        private final Bytes bytes;

        MemoryDraft(Bytes bytes) {
            this.bytes = bytes;
        }

        @Override
        public Sha256 sha256() {
            return Sha256.of(bytes.all());
        }

        @Override
        public void keep(Instant at) {
            locked(() -> blobs.merge(
                    sha256(), new Blob(at, bytes), (old, again) -> old.keptAt().isAfter(at) ? old : again));
        }

        @Override
        public long size() {
            return bytes.size();
        }

        @Override
        public InputStream open(long offset) {
            return bytes.open(offset);
        }

        @Override
        public void close() {}
    }

    @Override
    public void discard(AttachmentId upload) {
        locked(() -> Optional.ofNullable(pieces.remove(upload)));
    }

    @Override
    public List<AttachmentId> unfinished(Optional<AttachmentId> after, int limit) {
        return locked(() -> pieces.keySet()
                .stream()
                .filter(id -> after.isEmpty() || id.compareTo(after.get()) > 0)
                .limit(limit)
                .toList());
    }

    @Override
    public Optional<FileContent> find(Sha256 content) {
        return locked(() -> Optional.ofNullable(blobs.get(content)).map(Blob::content));
    }

    @Override
    public List<Sha256> keptBefore(Instant before, Optional<Sha256> after, int limit) {
        return locked(() -> blobs.entrySet()
                .stream()
                .filter(blob -> blob.getValue().keptAt().isBefore(before))
                .map(Map.Entry::getKey)
                .filter(hash -> after.isEmpty() || hash.compareTo(after.get()) > 0)
                .limit(limit)
                .toList());
    }

    @Override
    public boolean remove(Sha256 content, Instant before) {
        return locked(() -> Optional.ofNullable(blobs.get(content))
                .filter(blob -> blob.keptAt().isBefore(before))
                .map(blob -> blobs.remove(content) != null)
                .orElse(false));
    }
}
