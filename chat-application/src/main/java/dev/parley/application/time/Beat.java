package dev.parley.application.time;

import dev.parley.domain.Registration;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.time.Timers;
import java.time.Duration;

/** Does one thing again and again until it is closed; each time begins a period after the one before was over. */
public final class Beat implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Beat.class.getName());

    private final Timers timers;
    private final Duration period;
    private final String what;
    private final Runnable task;
    private volatile Registration next = () -> {};
    private volatile boolean closed;

    private Beat(Timers timers, Duration period, String what, Runnable task) {
        this.timers = timers;
        this.period = period;
        this.what = what;
        this.task = task;
    }

    /** @param what for the log when a port is away: {@code to renew the lease} */
    public static Beat every(Duration period, Timers timers, String what, Runnable task) {
        Beat beat = new Beat(timers, period, what, task);
        beat.plan();
        return beat;
    }

    @Override
    public void close() {
        closed = true;
        next.close();
    }

    private void plan() {
        if (closed) {
            return;
        }
        Registration planned = timers.after(period, this::run);
        next = planned;
        if (closed) {
            planned.close();
        }
    }

    private void run() {
        try {
            if (!closed) {
                task.run();
            }
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "Expected " + what, away);
        } finally {
            plan();
        }
    }
}
