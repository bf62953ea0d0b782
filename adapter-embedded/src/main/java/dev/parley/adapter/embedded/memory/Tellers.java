package dev.parley.adapter.embedded.memory;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs what was left with logs, for those who write on threads that may be interrupted. A thread runs one task after the other, which
 * costs less than a thread for each; while others wait it has another thread called, which goes on with them when this one blocks or there
 * is another processor.
 */
final class Tellers implements Executor {

    private static final Logger LOG = System.getLogger(Tellers.class.getName());

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Whether a thread is called that has not looked yet: it will see what is in the queue by now. */
    private final AtomicBoolean called = new AtomicBoolean();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        call();
    }

    private void call() {
        if (!called.get() && called.compareAndSet(false, true)) {
            Thread.ofVirtual().name("told").start(this::run);
        }
    }

    private void run() {
        called.set(false);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            if (!tasks.isEmpty()) {
                call();
            }
            run(task);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failed) {
            LOG.log(Level.ERROR, "What was left with a log failed", failed);
        }
        if (Thread.interrupted()) {
            LOG.log(Level.DEBUG, "What was left with a log was interrupted, which is nothing to the next");
        }
    }
}
