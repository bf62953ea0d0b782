package dev.parley.adapter.mongo;

import dev.parley.domain.session.SessionId;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/**
 * What was found at a session's place when a step began: the session, what is left of one that was purged, or nothing.
 *
 * @param version 0 when there was no document at all
 * @param recent the names of the newest steps, so that whoever got no answer can tell whether theirs was taken
 * @param purged the lives of sessions that were purged and whose remains may not be gone yet
 */
record Found(SessionId id, long version, List<String> recent, List<String> purged, Optional<Head> head) {
    /** So many names of steps are kept. */
    static final int RECENT = 16;

    /**
     * The life of a session that is opened here. Whoever tries to open it at the same time means the same life, so that what they
     * prepared is no obstacle to each other.
     */
    String nextLife() {
        return id.value() + "~" + version;
    }

    static Found nothing(SessionId id) {
        return new Found(id, 0, List.of(), List.of(), Optional.empty());
    }

    static Found read(SessionId id, Document doc) {
        return new Found(
                id,
                Docs.number(doc, "version"),
                Docs.texts(doc, "recent"),
                Docs.texts(doc, "purged"),
                Docs.truth(doc, "gone") ? Optional.empty() : Optional.of(Head.read(doc)));
    }
}
