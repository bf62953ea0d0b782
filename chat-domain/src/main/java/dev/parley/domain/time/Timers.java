package dev.parley.domain.time;

import dev.parley.domain.Port;
import dev.parley.domain.Registration;
import java.time.Duration;

/** Runs things later. Safe for use by many threads. */
@Port
public interface Timers {

    /**
     * Runs {@code task} once, not before {@code delay} has passed, on a thread of its own choice where it may block. Closing the
     * registration before keeps it from running; what it throws is logged and harms nobody.
     */
    Registration after(Duration delay, Runnable task);
}
