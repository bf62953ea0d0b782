package dev.parley.adapter.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.AttachmentStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

final class MongoAttachmentStore implements AttachmentStore {
    private static final int ATTEMPTS = 500;
    private static final int BATCH = 500;

    private final Store store;
    private final Heads heads;
    private final MongoSessionStore sessions;
    private final Turns<UserId> turns = new Turns<>();

    MongoAttachmentStore(Store store, Heads heads, MongoSessionStore sessions) {
        this.store = store;
        this.heads = heads;
        this.sessions = sessions;
    }

    @Override
    public Begin begin(Upload upload, long quota) {
        return store.guarded(() -> turns.take(upload.owner(), () -> begun(upload, quota)));
    }

    /** Counts, adds, and takes back what was added when somebody else of the same owner's added meanwhile. */
    private Begin begun(Upload upload, long quota) {
        String owner = upload.owner().value();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Document counted = store.owners().find(Filters.eq("_id", owner)).first();
            if (known(upload.id()).isPresent() || stored(upload.id()).isPresent()) {
                return Begin.TAKEN;
            }
            if (bytes(upload.owner()) + upload.size() > quota) {
                return Begin.OVER_QUOTA;
            }
            if (!insert(store.uploads(), AttachmentDocs.write(upload))) {
                return Begin.TAKEN;
            }
            if (counted(owner, counted == null ? 0 : Docs.number(counted, "count"))) {
                return Begin.BEGUN;
            }
            store.uploads().deleteOne(Filters.eq("_id", upload.id().value()));
        }
        throw new UnavailableException("Expected to begin an upload, found others of the same owner faster");
    }

    private boolean counted(String owner, long before) {
        return before == 0 && insert(store.owners(), new Document("_id", owner).append("count", 1L))
                || store.owners()
                        .updateOne(
                                Where.all(Filters.eq("_id", owner), Filters.eq("count", before)),
                                Updates.set("count", before + 1))
                        .getMatchedCount() == 1;
    }

    private static boolean insert(MongoCollection<Document> collection, Document doc) {
        try {
            collection.insertOne(doc);
            return true;
        } catch (MongoException fault) {
            if (Faults.duplicate(fault)) {
                return false;
            }
            throw fault;
        }
    }

    @Override
    public Optional<Upload> upload(AttachmentId id) {
        return store.guarded(() -> stored(id));
    }

    private Optional<Upload> stored(AttachmentId id) {
        return Optional.ofNullable(store.uploads().find(Filters.eq("_id", id.value())).first()).map(AttachmentDocs::upload);
    }

    @Override
    public void touch(AttachmentId upload, Instant at) {
        store.guarded(() -> store.uploads()
                .updateOne(Filters.eq("_id", upload.value()), Updates.set("touchedAt", Times.nanos(at))));
    }

    @Override
    public boolean finish(Attachment attachment) {
        return store.guarded(() -> {
            Bson id = Filters.eq("_id", attachment.id().value());
            if (store.uploads().find(id).first() == null) {
                return false;
            }
            // Known before the upload ends: whoever dies in between left what finishing again completes.
            store.attachments().replaceOne(id, AttachmentDocs.whole(attachment), new ReplaceOptions().upsert(true));
            return store.uploads().deleteOne(id).getDeletedCount() == 1;
        });
    }

    @Override
    public boolean abandon(AttachmentId upload) {
        return store.guarded(
                () -> store.uploads().deleteOne(Filters.eq("_id", upload.value())).getDeletedCount() == 1);
    }

    @Override
    public List<Upload> untouchedSince(Instant before, int limit) {
        return store.guarded(() -> store.uploads()
                .find(Filters.lt("touchedAt", Times.nanos(before)))
                .sort(Sorts.ascending("touchedAt"))
                .limit(limit)
                .map(AttachmentDocs::upload)
                .into(new ArrayList<>()));
    }

    @Override
    public Optional<Attachment> find(AttachmentId id) {
        return store.guarded(() -> known(id).or(() -> {
            heads.projection().settleAll();
            return known(id);
        }));
    }

    private Optional<Attachment> known(AttachmentId id) {
        return Optional.ofNullable(store.attachments().find(Filters.eq("_id", id.value())).first())
                .map(AttachmentDocs::read);
    }

    private static Bson at(AttachmentId id) {
        return Where.all(Filters.eq("file", id.value()), Filters.eq("in", true));
    }

    @Override
    public List<SessionId> sessionsWith(AttachmentId id) {
        return store.guarded(() -> {
            heads.projection().settleAll();
            return sessions.with(at(id));
        });
    }

    @Override
    public Page<Attachment> of(SessionId session, PageRequest request) {
        return store.guarded(() -> heads.settled(session)
                .map(head -> of(head, request))
                .orElseGet(() -> new Page<>(List.of(), 0)));
    }

    private Page<Attachment> of(Head head, PageRequest request) {
        Bson filter = Where.all(Filters.eq("life", head.life()), Filters.eq("in", true));
        List<Attachment> part = store.files()
                .find(filter)
                .sort(Sorts.ascending("position"))
                .skip(request.offset())
                .limit(request.limit())
                .map(doc -> AttachmentDocs.read(Docs.document(doc, "facts")))
                .into(new ArrayList<>());
        return new Page<>(part, Math.max(part.size(), store.files().countDocuments(filter)));
    }

    @Override
    public long bytesOf(UserId owner) {
        return store.guarded(() -> bytes(owner));
    }

    private long bytes(UserId owner) {
        return sum(store.uploads(), owner, "$size") + sum(store.attachments(), owner, "$kept");
    }

    private static long sum(MongoCollection<Document> files, UserId owner, String field) {
        Document sum = files.aggregate(List.of(
                Aggregates.match(Filters.eq("owner", owner.value())),
                Aggregates.group("all", Accumulators.sum("bytes", field))))
                .first();
        return sum == null ? 0 : Docs.number(sum, "bytes");
    }

    @Override
    public boolean remove(AttachmentId id) {
        return store.guarded(() -> {
            heads.projection().settleAll();
            return sessions.with(at(id)).isEmpty()
                    && store.attachments().deleteOne(Filters.eq("_id", id.value())).getDeletedCount() == 1;
        });
    }

    @Override
    public List<Attachment> homeless(Instant before, int limit) {
        return store.guarded(() -> {
            heads.projection().settleAll();
            List<Attachment> homeless = new ArrayList<>();
            Optional<AttachmentId> last = Optional.empty();
            List<Attachment> some;
            do {
                some = batch(Filters.lt("addedAt", Times.nanos(before)), last, BATCH);
                last = some.isEmpty() ? last : Optional.of(some.getLast().id());
                List<String> ids = some.stream().map(file -> file.id().value()).toList();
                List<String> housed = store.files()
                        .find(Where.all(Filters.in("file", ids), Filters.eq("in", true)))
                        .projection(Projections.include("file"))
                        .map(doc -> Docs.text(doc, "file"))
                        .into(new ArrayList<>());
                some.stream()
                        .filter(file -> !housed.contains(file.id().value()) || sessions.with(at(file.id())).isEmpty())
                        .limit(limit - homeless.size())
                        .forEach(homeless::add);
            } while (some.size() == BATCH && homeless.size() < limit);
            return homeless;
        });
    }

    @Override
    public boolean uses(Sha256 content) {
        return store.guarded(() -> {
            heads.projection().settleAll();
            return store.attachments().find(Filters.eq("sha256", content.hex())).first() != null;
        });
    }

    @Override
    public List<Attachment> all(Optional<AttachmentId> after, int limit) {
        return store.guarded(() -> batch(Filters.empty(), after, limit));
    }

    private List<Attachment> batch(Bson filter, Optional<AttachmentId> after, int limit) {
        Bson behind = after.map(id -> Where.all(filter, Filters.gt("_id", id.value()))).orElse(filter);
        return store.attachments()
                .find(behind)
                .sort(Sorts.ascending("_id"))
                .limit(limit)
                .map(AttachmentDocs::read)
                .into(new ArrayList<>());
    }
}
