package dev.parley.client;

import java.util.Optional;

/** Hears what happens to a client: on the client's own thread, one thing after the other. Whoever has much to do does it elsewhere. */
public interface Listener {

    /** What happened to a reply. */
    enum Change {
        QUEUED,
        START,
        TEXT,
        END
    }

    /** What happened to a message on its way out. */
    enum Outgoing {
        WAITING,
        SENDING,
        RETRYING,
        ACCEPTED,
        REFUSED
    }

    default void state(State state) {}

    /** There is a connection. */
    default void connected(Frame info) {}

    /** It has ended for good: with an error when the server did it. */
    default void closed(Optional<ParleyException> error) {}

    /** What was missed is not known any more: load the history anew. */
    default void reload() {}

    /**
     * Something in the session: {@code message}, {@code edited}, {@code deleted}, {@code reaction}, {@code feedback}, {@code seen},
     * {@code member}, {@code session}, {@code typing}, {@code presence}, {@code announcement} … What this client did itself comes with
     * {@code local} once it is acknowledged.
     */
    default void frame(Frame frame) {}

    /** Something happened to a reply in the session, whoever asked; {@code delta} is the text that came. */
    default void reply(Reply reply, Change change, String delta) {}

    default void outgoing(Sent sent, Outgoing change) {}

    default void telemetry(Measure measure) {}

    /** An error that answers nothing that was asked here. */
    default void error(ParleyException error) {}
}
