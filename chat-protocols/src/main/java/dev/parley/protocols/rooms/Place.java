package dev.parley.protocols.rooms;

import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import java.util.HashMap;
import java.util.Map;

/** A room or a conversation that a connection is in. Used by one thread at a time. */
final class Place {

    private final SessionId session;
    private final Map<MessageId, Boolean> streamed = new HashMap<>();
    private boolean room;
    private boolean streams;

    /** {@code room} whether the client called it a room, not a conversation */
    Place(Session session, boolean room) {
        this.session = session.id();
        this.room = room;
        adopt(session);
    }

    SessionId session() {
        return session;
    }

    boolean room() {
        return room;
    }

    void becomeRoom() {
        room = true;
    }

    /** The session is like this now. */
    void adopt(Session now) {
        streams = now.settings().streamResponses();
    }

    /** Whether the client sees the reply grow; stays as it was when the reply began. */
    boolean streams(MessageId reply) {
        return streamed.computeIfAbsent(reply, ignored -> streams);
    }

    /** The reply has ended; answers whether the client saw it grow. */
    boolean ended(MessageId reply) {
        boolean grew = streams(reply);
        streamed.remove(reply);
        return grew;
    }
}
