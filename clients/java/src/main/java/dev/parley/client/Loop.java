package dev.parley.client;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one thread on which a client's state changes, and its timers. */
final class Loop implements Executor {

    /** Something that is to happen later. */
    interface Timer {
        Timer NONE = () -> {};

        void cancel();
    }

    private static final System.Logger LOG = System.getLogger("dev.parley.client");

    private final ScheduledThreadPoolExecutor thread;

    Loop() {
        thread = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("parley-client").factory());
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** @throws RejectedExecutionException after the end */
    @Override
    public void execute(Runnable work) {
        thread.execute(guarded(work));
    }

    /** Forgotten after the end; whether it will be done. */
    boolean run(Runnable work) {
        try {
            execute(work);
            return true;
        } catch (RejectedExecutionException over) {
            return false;
        }
    }

    Timer later(Duration delay, Runnable work) {
        try {
            var timer = thread.schedule(guarded(work), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        } catch (RejectedExecutionException over) {
            return Timer.NONE;
        }
    }

    /** What waits is done, timers are forgotten. */
    void end() {
        thread.shutdown();
    }

    private static Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException | Error fault) {
                LOG.log(System.Logger.Level.ERROR, "The client failed at something", fault);
            }
        };
    }
}
