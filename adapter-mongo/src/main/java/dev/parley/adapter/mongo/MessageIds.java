package dev.parley.adapter.mongo;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertManyOptions;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Takes message ids before the step that uses them is committed, since an id is taken once in all sessions and a commit sees its
 * own session alone.
 */
final class MessageIds {
    /** So often an id may become free and be taken again meanwhile. */
    private static final int ATTEMPTS = 10;

    private final Store store;
    private final Heads heads;

    MessageIds(Store store, Heads heads) {
        this.store = store;
        this.heads = heads;
    }

    /**
     * Takes the ids that the step adds. An id that was taken by a step of the same life is no obstacle: one of the two will not be
     * committed. Whoever opens a session at the same time means the same life ({@link Found#nextLife}). What a step took that did
     * not come to be is not given back: another of the same life may count on it. It is free to others once the session went on, and
     * swept later.
     *
     * @throws IllegalStateException when one is another session's
     */
    void take(Found found, Step step, String name) {
        List<Document> stubs = new ArrayList<>();
        for (MessageId id : step.placed()) {
            stubs.add(new Document("_id", id.value())
                    .append("session", found.id().value())
                    .append("life", step.life())
                    .append("rev", 0L)
                    .append("stub", new Document("step", name).append("version", found.version())));
        }
        for (int attempt = 0; attempt < ATTEMPTS && !stubs.isEmpty(); attempt++) {
            stubs = insert(stubs).stream().filter(stub -> !mine(stub)).toList();
        }
        if (!stubs.isEmpty()) {
            throw taken();
        }
    }

    private List<Document> insert(List<Document> stubs) {
        try {
            store.messageIds().insertMany(stubs, new InsertManyOptions().ordered(false));
            return List.of();
        } catch (MongoBulkWriteException there) {
            if (!Faults.duplicate(there)) {
                throw there;
            }
            return there.getWriteErrors().stream().map(error -> stubs.get(error.getIndex())).toList();
        }
    }

    /** Whether the id is this session's already; false when it became free. */
    private boolean mine(Document stub) {
        Document there = store.messageIds().find(id(stub)).first();
        if (there == null) {
            return false;
        }
        String life = Docs.text(there, "life");
        if (life.equals(Docs.text(stub, "life"))) {
            return true;
        }
        Found owner = heads.begin(new SessionId(Docs.text(there, "session")), false);
        Document now = store.messageIds().find(Where.all(id(stub), Filters.eq("life", life))).first();
        if (now == null) {
            return false;
        }
        if (!left(now, owner)) {
            throw taken();
        }
        store.messageIds().deleteOne(Where.all(id(stub), Filters.eq("life", life), Filters.eq("rev", Docs.number(now, "rev"))));
        return false;
    }

    /** Whether it is left of a session that was purged, or of a step that was not committed and cannot be any more. */
    private static boolean left(Document there, Found owner) {
        if (MessageDocs.there(there)) {
            return owner.head().filter(head -> head.life().equals(Docs.text(there, "life"))).isEmpty();
        }
        return Docs.number(Docs.document(there, "stub"), "version") < owner.version();
    }

    private static Bson id(Document stub) {
        return Filters.eq("_id", Docs.text(stub, "_id"));
    }

    private static IllegalStateException taken() {
        return new IllegalStateException("Expected a new message id, found one that is taken");
    }
}
