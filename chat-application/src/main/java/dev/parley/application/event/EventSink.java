package dev.parley.application.event;

/** Takes what a link is told. */
@FunctionalInterface
public interface EventSink {

    /**
     * Takes one event; quick, never blocks, never throws. Called by one thread at a time for one session, but by several at once
     * for several sessions and for what concerns the connection.
     */
    void accept(Event event);
}
