package dev.parley.adapter.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/** The documents of the sessions: whatever happens in a session is committed by one write to its own. */
final class Heads {
    private final Store store;
    private final Projection projection;

    Heads(Store store, Projection projection) {
        this.store = store;
        this.projection = projection;
    }

    Projection projection() {
        return projection;
    }

    /** The session with everything that its steps did where it belongs; empty when it is not there. */
    Optional<Head> settled(SessionId id) {
        Optional<Head> head = found(store.sessions(), id).head();
        head.ifPresent(projection::settle);
        return head;
    }

    /** What a writer begins with. */
    Found begin(SessionId id, boolean racing) {
        Found found = found(racing ? store.sessionsNow() : store.sessions(), id);
        found.head().ifPresent(projection::settle);
        return found;
    }

    private static Found found(MongoCollection<Document> sessions, SessionId id) {
        Document doc = sessions.find(Filters.eq("_id", id.value())).first();
        return doc == null ? Found.nothing(id) : Found.read(id, doc);
    }

    /** Whether another step was taken since. */
    boolean moved(Found since) {
        Document doc = store.sessions()
                .find(Filters.eq("_id", since.id().value()))
                .projection(Projections.include("version"))
                .first();
        return (doc == null ? 0 : Docs.number(doc, "version")) != since.version();
    }

    /** Commits a step that began with {@code found}; false when another was faster. */
    boolean commit(Found found, Step step, String name, Effects effects) {
        Bson place = place(found);
        if (step.purged()) {
            List<String> purged = new ArrayList<>(found.purged());
            purged.add(step.life());
            Document grave = new Document("gone", true)
                    .append("version", found.version() + 1)
                    .append("purged", purged)
                    .append("recent", recent(found, name));
            return store.sessions().replaceOne(place, grave).getMatchedCount() == 1;
        }
        Session session = step.session().orElseThrow();
        Document set = SessionDocs.state(session)
                .append("version", found.version() + 1)
                .append("messages", step.messages())
                .append("forgotten", step.forgotten())
                .append("kept", session.position() - step.forgotten())
                .append("oldest", Times.nanos(step.oldest()))
                .append("recent", recent(found, name))
                .append("effects", effects.write());
        Optional<Head> before = found.head();
        if (before.isEmpty() || !before.get().session().members().equals(session.members())) {
            set.append("members", SessionDocs.members(session));
        }
        long activity = Times.nanos(session.lastActivity());
        if (found.version() == 0) {
            return insert(set.append("_id", found.id().value()).append("life", step.life()).append("lastActivity", activity));
        }
        Document unset = new Document();
        SessionDocs.OPTIONAL.stream().filter(field -> !set.containsKey(field)).forEach(field -> unset.append(field, ""));
        if (before.isEmpty()) {
            set.append("life", step.life());
            unset.append("gone", "");
        }
        Document update = new Document("$set", set).append("$max", new Document("lastActivity", activity));
        if (!unset.isEmpty()) {
            update.append("$unset", unset);
        }
        return store.sessions().updateOne(place, update).getMatchedCount() == 1;
    }

    private static Bson place(Found found) {
        return Where.all(Filters.eq("_id", found.id().value()), Filters.eq("version", found.version()));
    }

    private static List<String> recent(Found found, String name) {
        List<String> recent = new ArrayList<>(found.recent());
        recent.add(name);
        return recent.subList(Math.max(0, recent.size() - Found.RECENT), recent.size());
    }

    private boolean insert(Document doc) {
        try {
            store.sessions().insertOne(doc);
            return true;
        } catch (MongoException fault) {
            if (Faults.duplicate(fault)) {
                return false;
            }
            throw fault;
        }
    }
}
