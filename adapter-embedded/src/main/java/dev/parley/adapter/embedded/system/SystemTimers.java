package dev.parley.adapter.embedded.system;

import dev.parley.domain.Registration;
import dev.parley.domain.time.Timers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Timers of the running system: one thread keeps the time, each task runs on a virtual thread of its own. Closing drops what
 * is still to come and leaves alone what runs; a task given afterwards never runs.
 */
public final class SystemTimers implements Timers, AutoCloseable {

    private static final Logger LOG = System.getLogger(SystemTimers.class.getName());
    private static final long MOST_NANOS = Long.MAX_VALUE / 4;

    private final ScheduledThreadPoolExecutor clockwork;

    private SystemTimers() {
        clockwork = new ScheduledThreadPoolExecutor(
                1,
                task -> Thread.ofPlatform().daemon().name("timers").unstarted(task),
                new ThreadPoolExecutor.DiscardPolicy());
        clockwork.setRemoveOnCancelPolicy(true);
        clockwork.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    public static SystemTimers start() {
        return new SystemTimers();
    }

    @Override
    public Registration after(Duration delay, Runnable task) {
        AtomicBoolean decided = new AtomicBoolean();
        Runnable once = () -> {
            if (decided.compareAndSet(false, true)) {
                run(task);
            }
        };
        long nanos = delay.compareTo(Duration.ofNanos(MOST_NANOS)) >= 0 ? MOST_NANOS : delay.toNanos();
        Future<?> tick = clockwork.schedule(
                () -> Thread.ofVirtual().name("timer").start(once), Math.max(0, nanos), TimeUnit.NANOSECONDS);
        return () -> {
            if (decided.compareAndSet(false, true)) {
                tick.cancel(false);
            }
        };
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "A timed task failed", e);
        }
    }

    @Override
    public void close() {
        clockwork.shutdownNow();
    }
}
