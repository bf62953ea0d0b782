package dev.parley.adapter.mongo;

import com.mongodb.client.model.Filters;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import java.util.Optional;
import org.bson.Document;

/** Finds messages by their ids alone, in sessions that are there, with everything that was done to them. */
final class Homes {
    private final Store store;
    private final Heads heads;

    Homes(Store store, Heads heads) {
        this.store = store;
        this.heads = heads;
    }

    Optional<Document> document(MessageId id) {
        Optional<Document> found = find(id);
        if (found.isEmpty()) {
            heads.projection().settleAll();
            found = find(id);
        }
        return found.flatMap(this::alive);
    }

    private Optional<Document> alive(Document message) {
        Optional<Head> head = heads.settled(session(message))
                .filter(there -> there.life().equals(Docs.text(message, "life")));
        if (head.isEmpty()) {
            return Optional.empty();
        }
        boolean changed = head.get().effects().isPresent();
        return changed ? find(new MessageId(Docs.text(message, "_id"))) : Optional.of(message);
    }

    private Optional<Document> find(MessageId id) {
        return Optional.ofNullable(store.messages().find(Filters.eq("_id", id.value())).first())
                .filter(MessageDocs::there);
    }

    static SessionId session(Document message) {
        return new SessionId(Docs.text(message, "session"));
    }
}
