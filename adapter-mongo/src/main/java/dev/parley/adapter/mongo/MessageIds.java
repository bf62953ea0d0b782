package dev.parley.adapter.mongo;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertManyOptions;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * Takes message ids before the step that uses them is committed, since an id is taken once in all sessions and a commit sees its
 * own session alone.
 */
final class MessageIds {
    /** No step takes nearly so long, and no two clocks differ by so much. */
    private static final Duration ABANDONED_AFTER = Duration.ofMinutes(5);

    private final Store store;
    private final Heads heads;

    MessageIds(Store store, Heads heads) {
        this.store = store;
        this.heads = heads;
    }

    /**
     * Takes the ids that the step adds. An id that was taken by a step of the same session is no obstacle: one of the two will not
     * be committed.
     *
     * @return false when another step that wants to open the same session has one now, so that it should be tried again
     * @throws IllegalStateException when one is another session's
     */
    boolean take(Found found, Step step, String name) {
        List<Document> stubs = new ArrayList<>();
        for (MessageId id : step.placed()) {
            stubs.add(new Document("_id", id.value())
                    .append("session", found.id().value())
                    .append("life", step.life())
                    .append("rev", 0L)
                    .append("stub", new Document("step", name).append("version", found.version())));
        }
        for (int attempt = 0; !stubs.isEmpty(); attempt++) {
            List<Document> refused = insert(stubs);
            if (attempt > 2) {
                throw taken();
            }
            stubs = refused.stream().filter(stub -> !mine(stub)).toList();
            if (stubs.stream().anyMatch(this::opening)) {
                return false;
            }
        }
        return true;
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
        if (sameSession(stub, now) && owner.version() > Docs.number(Docs.document(stub, "stub"), "version")) {
            // The session has moved on: this step will not be committed.
            return true;
        }
        if (opening(stub, now, owner)) {
            return false;
        }
        if (!left(now, owner) && !abandoned(stub, now)) {
            throw taken();
        }
        store.messageIds().deleteOne(Where.all(id(stub), Filters.eq("life", life), Filters.eq("rev", Docs.number(now, "rev"))));
        return false;
    }

    /** Whether another step wants to open the session in which the id is to be, and has taken it for that a moment ago. */
    private boolean opening(Document stub) {
        Document there = store.messageIds().find(id(stub)).first();
        return there != null && opening(stub, there, heads.begin(new SessionId(Docs.text(there, "session")), false));
    }

    private static boolean opening(Document stub, Document there, Found owner) {
        return sameSession(stub, there)
                && !MessageDocs.there(there)
                && owner.head().isEmpty()
                && !abandoned(stub, there);
    }

    /** Whether the step that took it is so old that its process must have died before it was committed. */
    private static boolean abandoned(Document stub, Document there) {
        return sameSession(stub, there)
                && !MessageDocs.there(there)
                && step(stub).getTimestamp() - step(there).getTimestamp() > ABANDONED_AFTER.toSeconds();
    }

    private static boolean sameSession(Document stub, Document there) {
        return Docs.text(there, "session").equals(Docs.text(stub, "session"));
    }

    private static ObjectId step(Document stub) {
        return new ObjectId(Docs.text(Docs.document(stub, "stub"), "step"));
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

    /** Gives back what a step took that did not come to be. */
    void giveBack(Step step, String name) {
        if (!step.placed().isEmpty()) {
            store.messageIds()
                    .deleteMany(Where.all(
                            Filters.in("_id", step.placed().stream().map(MessageId::value).toList()),
                            Filters.eq("rev", 0L),
                            Filters.eq("stub.step", name)));
        }
    }
}
