package dev.parley.application;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.EventSink;
import java.time.Duration;

/**
 * The conversation engine: one for all protocols, embedders and stores.
 *
 * <p>Safe for use by many threads. Methods block where stores do, so they are meant for virtual threads.
 */
public interface ChatEngine extends AutoCloseable {

    /**
     * Answers a command exactly once. Expected refusals are values; what breaks underneath becomes a refusal too, is logged and
     * says nothing of its inside.
     */
    <R> Outcome<R> handle(Caller caller, Command<R> command);

    /**
     * Opens the engine's side of a connection.
     *
     * @param sink told everything that the link follows, until the link is closed
     */
    Link connect(Caller caller, EventSink sink);

    /** Whether new work is taken: true until {@link #drain} or {@link #close}. */
    boolean accepting();

    /**
     * Stops taking new work, tells every link to come back elsewhere, each after another part of {@code spread}, and waits for
     * running replies. Returns when none runs or {@code grace} is over; what still runs then is ended as interrupted.
     */
    void drain(Duration grace, Duration spread);

    /** Ends everything that {@link #drain} did not; bounded in time; closing twice is harmless. Does not close the ports. */
    @Override
    void close();
}
