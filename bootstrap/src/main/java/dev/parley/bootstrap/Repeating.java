package dev.parley.bootstrap;

import dev.parley.domain.Registration;
import dev.parley.domain.time.Timers;
import java.time.Duration;

/** Does one thing again and again until it is closed. */
final class Repeating implements AutoCloseable {

    private final Duration period;
    private final Timers timers;
    private final Runnable task;
    private volatile Registration next = () -> {};
    private volatile boolean closed;

    private Repeating(Duration period, Timers timers, Runnable task) {
        this.period = period;
        this.timers = timers;
        this.task = task;
    }

    /** @param task must not throw */
    static Repeating every(Duration period, Timers timers, Runnable task) {
        Repeating repeating = new Repeating(period, timers, task);
        repeating.plan();
        return repeating;
    }

    @Override
    public void close() {
        closed = true;
        next.close();
    }

    private void plan() {
        if (!closed) {
            next = timers.after(period, () -> {
                try {
                    task.run();
                } finally {
                    plan();
                }
            });
        }
    }
}
