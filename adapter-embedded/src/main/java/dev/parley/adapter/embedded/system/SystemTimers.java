package dev.parley.adapter.embedded.system;

import dev.parley.domain.Registration;
import dev.parley.domain.time.Timers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Timers of the running system: one thread keeps the time, tasks run on virtual threads, where one that blocks holds up no other. Closing
 * drops what is still to come and leaves alone what runs; a task given afterwards never runs.
 *
 * <p>Thousands of replies write what a window of some milliseconds has gathered: waking up for each of them would cost more than
 * the write. So tasks with short delays are due together, at the next of the moments a few milliseconds apart.
 */
public final class SystemTimers implements Timers, AutoCloseable {

    private static final Logger LOG = System.getLogger(SystemTimers.class.getName());
    private static final long MOST_NANOS = Long.MAX_VALUE / 4;

    /** Shorter delays are kept to the nanosecond, as far as the system does. */
    private static final long FINE_NANOS = 16_000_000;

    /** Longer delays are often closed long before they are over: each is a timer of its own that is then removed. */
    private static final long GATHERED_NANOS = 10_000_000_000L;

    /** How far moments are apart: about this part of the delay, at least 4 ms and at most 67, and always a power of two. */
    private static final int PART = 8;

    private static final long LEAST_APART = 1L << 22;
    private static final long MOST_APART = 1L << 26;

    private final ScheduledThreadPoolExecutor clockwork;
    private final long began = System.nanoTime();

    /** What is due at each moment to come, in nanoseconds since the beginning. */
    private final ConcurrentHashMap<Long, List<Once>> moments = new ConcurrentHashMap<>();

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
        long nanos = delay.compareTo(Duration.ofNanos(MOST_NANOS)) >= 0 ? MOST_NANOS : Math.max(0, delay.toNanos());
        Once once = new Once(task);
        if (nanos >= FINE_NANOS && nanos <= GATHERED_NANOS) {
            gather(nanos, once);
            return once;
        }
        Future<?> tick = schedule(nanos, () -> start(once));
        return () -> {
            once.close();
            tick.cancel(false);
        };
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void gather(long nanos, Once once) {
        long apart = Long.highestOneBit(Math.clamp(nanos / PART, LEAST_APART, MOST_APART));
        long due = System.nanoTime() - began + nanos;
        long moment = (due / apart + 1) * apart;
        // As one step, and so is the removal: what comes too late for its moment begins it anew, and it is over at once.
        moments.compute(moment, (same, gathered) -> {
            List<Once> all = gathered;
            if (all == null) {
                all = new ArrayList<>();
                schedule(began + same - System.nanoTime(), () -> startAll(same));
            }
            all.add(once);
            return all;
        });
    }

    private Future<?> schedule(long nanos, Runnable tick) {
        return clockwork.schedule(tick, Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    private void startAll(Long moment) {
        List<Once> due = moments.remove(moment);
        if (due != null) {
            due.removeIf(once -> !once.pending());
            if (!due.isEmpty()) {
                new Due(due).begin();
            }
        }
    }

    private static void start(Once once) {
        Thread.ofVirtual().name("timer").start(once);
    }

    @Override
    public void close() {
        clockwork.shutdownNow();
        moments.clear();
    }

    /**
     * Tasks that are due together. A thread runs one after the other, which costs less than a thread for each; before the first of them it
     * starts another thread, which goes on with the rest when this one blocks or there is another processor, and likewise has one to follow.
     */
    private static final class Due implements Runnable {

        private final List<Once> tasks;
        private final AtomicInteger next = new AtomicInteger();

        Due(List<Once> tasks) {
            this.tasks = tasks;
        }

        void begin() {
            Thread.ofVirtual().name("timer").start(this);
        }

        @Override
        public void run() {
            int mine = next.getAndIncrement();
            if (mine < tasks.size() - 1) {
                begin();
            }
            while (mine < tasks.size()) {
                tasks.get(mine).run();
                if (Thread.interrupted()) {
                    LOG.log(Level.DEBUG, "A timed task was interrupted, which is nothing to the next one");
                }
                mine = next.getAndIncrement();
            }
        }
    }

    /** A task that runs once unless it is closed before, and is let go then. */
    private static final class Once implements Runnable, Registration {

        private final AtomicReference<@Nullable Runnable> task;

        Once(Runnable task) {
            this.task = new AtomicReference<>(task);
        }

        boolean pending() {
            return task.get() != null;
        }

        @Override
        public void run() {
            Runnable mine = task.getAndSet(null);
            try {
                if (mine != null) {
                    mine.run();
                }
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "A timed task failed", e);
            }
        }

        @Override
        public void close() {
            task.set(null);
        }
    }
}
