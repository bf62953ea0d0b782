package dev.parley.adapter.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.gridfs.GridFSBucket;
import com.mongodb.client.gridfs.GridFSBuckets;
import com.mongodb.client.gridfs.GridFSDownloadStream;
import com.mongodb.client.gridfs.GridFSUploadStream;
import com.mongodb.client.gridfs.model.GridFSUploadOptions;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.store.BlobStore;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * Bytes in GridFS. Which stored file is a piece or a content is said by one document each, so that pieces are replaced and contents
 * come and go at once; what no document names is removed later, when nobody can still be reading it.
 */
final class GridBlobStore implements BlobStore {
    static final String BUCKET = "blobs";
    private static final int CHUNK = 1024 * 1024;
    private static final int BUFFER = 64 * 1024;

    private final Store store;
    private final GridFSBucket bucket;

    GridBlobStore(Store store) {
        this.store = store;
        this.bucket = GridFSBuckets.create(store.database(), BUCKET);
    }

    private static GridFSUploadOptions chunks() {
        return new GridFSUploadOptions().chunkSizeBytes(CHUNK);
    }

    @Override
    public void write(AttachmentId upload, int index, ByteBuffer bytes) {
        if (index < 0 || index >= Upload.MAX_PIECES) {
            throw new IllegalArgumentException("Expected a piece before " + Upload.MAX_PIECES + ", found " + index);
        }
        ByteBuffer piece = bytes.duplicate();
        store.guarded(() -> {
            long size = piece.remaining();
            ObjectId file = store(piece);
            Document before = store.pieces()
                    .findOneAndUpdate(
                            Filters.eq("_id", upload.value() + "#" + index),
                            Updates.combine(
                                    Updates.set("upload", upload.value()),
                                    Updates.set("index", index),
                                    Updates.set("size", size),
                                    Updates.set("file", file)),
                            new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.BEFORE));
            if (before != null) {
                bucket.delete(file(before));
            }
            return true;
        });
    }

    private ObjectId store(ByteBuffer bytes) {
        try (GridFSUploadStream out = bucket.openUploadStream("piece", chunks())) {
            byte[] buffer = new byte[Math.min(BUFFER, Math.max(1, bytes.remaining()))];
            while (bytes.hasRemaining()) {
                int length = Math.min(buffer.length, bytes.remaining());
                bytes.get(buffer, 0, length);
                out.write(buffer, 0, length);
            }
            return out.getObjectId();
        }
    }

    private static ObjectId file(Document doc) {
        return Optional.ofNullable(doc.getObjectId("file")).orElseThrow();
    }

    private List<Document> stored(AttachmentId upload) {
        return store.pieces()
                .find(Filters.eq("upload", upload.value()))
                .sort(Sorts.ascending("index"))
                .into(new ArrayList<>());
    }

    @Override
    public SortedMap<Integer, Long> pieces(AttachmentId upload) {
        return store.guarded(() -> {
            SortedMap<Integer, Long> sizes = new TreeMap<>();
            stored(upload).forEach(piece -> sizes.put(
                    Math.toIntExact(Docs.number(piece, "index")), Docs.number(piece, "size")));
            return sizes;
        });
    }

    @Override
    public Draft assemble(AttachmentId upload, int count) {
        return store.guarded(() -> {
            SortedMap<Integer, ObjectId> files = new TreeMap<>();
            stored(upload).forEach(piece -> files.put(Math.toIntExact(Docs.number(piece, "index")), file(piece)));
            MessageDigest digest = Sha256.digest();
            long size = 0;
            GridFSUploadStream out = bucket.openUploadStream("content", chunks());
            boolean done = false;
            try {
                for (int index = 0; index < count; index++) {
                    size += append(Optional.ofNullable(files.get(index)), out, digest);
                }
                out.close();
                done = true;
            } finally {
                if (!done) {
                    out.abort();
                }
            }
            return new GridDraft(out.getObjectId(), size, Sha256.of(digest));
        });
    }

    private long append(Optional<ObjectId> piece, GridFSUploadStream out, MessageDigest digest) {
        ObjectId file = piece.orElseThrow(
                () -> new NoSuchElementException("Expected all pieces of the upload, found one missing"));
        long size = 0;
        byte[] buffer = new byte[BUFFER];
        try (GridFSDownloadStream in = bucket.openDownloadStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                out.write(buffer, 0, read);
                size += read;
            }
        }
        return size;
    }

    @Override
    public void discard(AttachmentId upload) {
        store.guarded(() -> {
            for (Document piece : stored(upload)) {
                Bson same = Where.all(Filters.eq("_id", Docs.text(piece, "_id")), Filters.eq("file", file(piece)));
                if (store.pieces().deleteOne(same).getDeletedCount() == 1) {
                    bucket.delete(file(piece));
                }
            }
            return true;
        });
    }

    @Override
    public List<AttachmentId> unfinished(Optional<AttachmentId> after, int limit) {
        return store.guarded(() -> store.pieces()
                .aggregate(List.of(
                        Aggregates.match(Filters.gt("upload", after.map(AttachmentId::value).orElse(""))),
                        Aggregates.group("$upload", Accumulators.sum("pieces", 1)),
                        Aggregates.sort(Sorts.ascending("_id")),
                        Aggregates.limit(limit)))
                .map(doc -> new AttachmentId(Docs.text(doc, "_id")))
                .into(new ArrayList<>()));
    }

    @Override
    public Optional<FileContent> find(Sha256 content) {
        return store.guarded(() -> Optional.ofNullable(store.contents().find(Filters.eq("_id", content.hex())).first())
                .map(doc -> new Stored(file(doc), Docs.number(doc, "size"))));
    }

    @Override
    public List<Sha256> keptBefore(Instant before, Optional<Sha256> after, int limit) {
        return store.guarded(() -> store.contents()
                .find(Where.all(
                        Filters.gt("_id", after.map(Sha256::hex).orElse("")), Filters.lt("keptAt", Times.nanos(before))))
                .sort(Sorts.ascending("_id"))
                .limit(limit)
                .map(doc -> new Sha256(Docs.text(doc, "_id")))
                .into(new ArrayList<>()));
    }

    /** The bytes stay until they are swept: somebody may be reading them. */
    @Override
    public boolean remove(Sha256 content, Instant before) {
        return store.guarded(() -> store.contents()
                .deleteOne(Where.all(
                        Filters.eq("_id", content.hex()), Filters.lt("keptAt", Times.nanos(before))))
                .getDeletedCount() == 1);
    }

    /** Removes the bytes that were stored before {@code before} and that nothing names any more. */
    void sweep(Instant before) {
        ObjectId youngest = new ObjectId(Date.from(before));
        Piecemeal.each(
                store.named(BUCKET + ".files")
                        .find(Filters.lt("_id", youngest))
                        .projection(Projections.include("_id"))
                        .map(doc -> doc.getObjectId("_id")),
                Piecemeal.SIZE,
                this::sweep);
    }

    private void sweep(List<ObjectId> files) {
        Set<ObjectId> nameless = new HashSet<>(files);
        for (MongoCollection<Document> names : List.of(store.pieces(), store.contents())) {
            names.find(Filters.in("file", files))
                    .projection(Projections.include("file"))
                    .forEach(doc -> nameless.remove(file(doc)));
        }
        nameless.forEach(bucket::delete);
    }

    /** A stored file that nobody changes any more. */
    private class Stored implements FileContent {
        private final ObjectId file;
        private final long size;

        Stored(ObjectId file, long size) {
            this.file = file;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public InputStream open(long offset) {
            if (offset >= size) {
                return InputStream.nullInputStream();
            }
            return store.guarded(() -> {
                GridFSDownloadStream in = bucket.openDownloadStream(file);
                long skipped = 0;
                while (skipped < offset) {
                    skipped += in.skip(offset - skipped);
                }
                return new Reading(in);
            });
        }
    }

    /** Turns the driver's failures into ours while somebody reads. */
    private static final class Reading extends InputStream {
        private final GridFSDownloadStream in;

        Reading(GridFSDownloadStream in) {
            this.in = in;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            try {
                return in.read(into, offset, length);
            } catch (MongoException fault) {
                throw Faults.translated(fault);
            }
        }

        @Override
        public void close() {
            in.close();
        }
    }

    private final class GridDraft implements Draft {
        private final ObjectId mine;
        private final long size;
        private final Sha256 sha256;
        private ObjectId now;
        private boolean kept;

        GridDraft(ObjectId file, long size, Sha256 sha256) {
            this.mine = file;
            this.size = size;
            this.sha256 = sha256;
            this.now = file;
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
            return new Stored(now, size).open(offset);
        }

        @Override
        public void keep(Instant at) {
            now = store.guarded(() -> {
                store.contents()
                        .updateOne(
                                Filters.eq("_id", sha256.hex()),
                                Updates.combine(
                                        Updates.max("keptAt", Times.nanos(at)),
                                        Updates.setOnInsert("file", mine),
                                        Updates.setOnInsert("size", size)),
                                new UpdateOptions().upsert(true));
                return Optional.ofNullable(store.contents().find(Filters.eq("_id", sha256.hex())).first())
                        .map(GridBlobStore::file)
                        .orElse(mine);
            });
            kept = now.equals(mine);
        }

        @Override
        public void close() {
            if (!kept) {
                store.guarded(() -> {
                    bucket.delete(mine);
                    return true;
                });
            }
        }
    }
}
