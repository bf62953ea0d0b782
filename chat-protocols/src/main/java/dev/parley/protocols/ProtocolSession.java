package dev.parley.protocols;

import dev.parley.application.event.Event;
import java.time.Instant;
import java.util.List;

/**
 * One client's side of a wire language: frames and events in, steps out. Knows no socket, no thread and no clock; used by one
 * thread at a time.
 */
public interface ProtocolSession {

    /** The connection is open. */
    List<Step> opened(Instant now);

    /** A frame came. Whatever is in it, this does not throw. */
    List<Step> received(Frame frame, Instant now);

    /** Something happened that the client is to be told. */
    List<Step> happened(Event event, Instant now);

    /** The connection is about to be closed by this side: what is to be said before. */
    List<Step> closing(Closing why, Instant now);

    /** It is time for the protocol's own heartbeat. */
    List<Step> heartbeat(Instant now);

    /**
     * Whether the client let a term pass that the protocol set it; the connection is then closed as timed out. Asked several
     * times a second.
     */
    default boolean overdue(Instant now) {
        return false;
    }

    /** The connection is over, from whichever side; nothing can be said any more. Called once. */
    default void ended(Instant now) {}

    /** Puts grown text into a frame; pieces that waited were merged before. */
    Frame encode(Event.ReplyGrew grown);

    /**
     * The frame that takes this one's place on the wire, now that its turn has come: puts in what depends on everything that was
     * sent before. Asked once for each frame in their order on the wire, by one thread at a time, but not by the one that uses the
     * rest of this; so it shares nothing with it.
     */
    default Frame stamped(Frame frame) {
        return frame;
    }
}
