package dev.parley.protocols.socketio;

import dev.parley.application.event.Event;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One client in one namespace. Answers with steps, as a {@link dev.parley.protocols.ProtocolSession} does: what is to be said comes
 * from the {@link NamespaceSocket}, what is to be done from {@link Step}. Used by one thread at a time.
 */
public interface NamespaceSession {

    /**
     * The client asks to be let in. Ends, perhaps after {@link Step.Identify}, with {@link NamespaceSocket#accept} or
     * {@link NamespaceSocket#refuse}.
     *
     * @param auth what it brought, empty where it brought nothing
     */
    List<Step> connecting(JsonObject auth, Instant now);

    /** The client, which is in, sent an event. */
    List<Step> received(SocketEvent event, Instant now);

    /** The engine tells something. Every namespace the client is in is told. */
    default List<Step> happened(Event event, Instant now) {
        return List.of();
    }

    /** The connection is about to be closed by this side: what is to be said before. */
    default List<Step> closing(Closing why, Instant now) {
        return List.of();
    }

    /**
     * The client is in no longer; nothing can be said any more. Called once, for those who were let in.
     *
     * @return what is to be undone, where the connection goes on; otherwise it is not done
     */
    default List<Step> left(Instant now) {
        return List.of();
    }

    /**
     * The frame that takes this one's place on the wire, now that its turn has come, as
     * {@link dev.parley.protocols.ProtocolSession#stamped} has it. Asked for frames that have a mark.
     */
    default Frame stamped(Frame frame) {
        return frame;
    }

    /** Whether the client is to be closed as timed out: it let a term pass, or went on elsewhere. Asked several times a second. */
    default boolean overdue(Instant now) {
        return false;
    }

    /** Puts grown text into a packet; empty for what another namespace of the client wanted to say. */
    default Optional<Frame> encode(Event.ReplyGrew grown) {
        return Optional.empty();
    }
}
