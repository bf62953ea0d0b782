package dev.parley.adapter.websocket;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What all sockets of one host share. Safe for use by many threads. */
final class HostResources implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(HostResources.class.getName());
    private static final long TICK_MILLIS = 200;
    private static final long LOOK_MILLIS = 2000;

    private final HostSettings settings;
    private final ExecutorService executor;
    private final ScheduledThreadPoolExecutor timer;
    private final Deflate deflate = new Deflate();
    private final Flushers flushers;

    HostResources(HostSettings settings) {
        this.settings = settings;
        this.executor = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("parley-client-", 0).factory());
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("parley-host-timer").factory());
        this.timer.setRemoveOnCancelPolicy(true);
        this.flushers = new Flushers(Math.max(1, settings.selectors() / 2));
    }

    HostSettings settings() {
        return settings;
    }

    /** Runs what blocks. */
    ExecutorService executor() {
        return executor;
    }

    Deflate deflate() {
        return deflate;
    }

    Flushers flushers() {
        return flushers;
    }

    /** Runs something short once {@code delay} has passed, unless the host ends before. */
    @SuppressWarnings("FutureReturnValueIgnored")
    void later(Duration delay, Runnable task) {
        try {
            timer.schedule(() -> guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ended) {
            LOG.log(System.Logger.Level.DEBUG, "The host ends", ended);
        }
    }

    /** Runs something short several times a second. */
    @SuppressWarnings("FutureReturnValueIgnored")
    void often(Runnable task) {
        timer.scheduleWithFixedDelay(() -> guarded(task), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Looks from time to time whether the files of a certificate changed. */
    @SuppressWarnings("FutureReturnValueIgnored")
    void watch(TlsPair pair, InstantSource clock) {
        AtomicBoolean looking = new AtomicBoolean();
        Runnable look = () -> {
            try {
                pair.look(clock.instant());
            } finally {
                looking.set(false);
            }
        };
        timer.scheduleWithFixedDelay(
                () -> guarded(() -> {
                    // Files may be far away: not on the thread that keeps everybody's time.
                    if (looking.compareAndSet(false, true)) {
                        executor.execute(look);
                    }
                }),
                LOOK_MILLIS,
                LOOK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.ERROR, "A task of the host failed", fault);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        flushers.close();
        executor.shutdown();
        try {
            if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
        deflate.close();
    }
}
