package dev.parley.testkit.live;

import java.time.Duration;

/**
 * How a contract gets at a live port: one fixture for one test, in a name space of its own, used by one thread.
 *
 * @param <P> the port
 */
public interface LiveFixture<P> extends AutoCloseable {

    /** The port; the same at every call. */
    P port();

    /** The port as another node sees it; the same as {@link #port()} where there is one node only. */
    P peer();

    /** Lets {@code step} pass, for the port and all its timers. */
    void advance(Duration step);

    /** Sets the port's clock back without moving its timers; false where nobody can. */
    default boolean setBack(Duration step) {
        return false;
    }

    @Override
    void close();
}
