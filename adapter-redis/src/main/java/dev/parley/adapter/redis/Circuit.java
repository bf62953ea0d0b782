package dev.parley.adapter.redis;

import dev.parley.domain.error.UnavailableException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Lets calls through while Redis answers. After some that failed in a row it refuses them at once, so that nobody waits for what
 * will not come, and lets one try now and then; whatever succeeds closes it again.
 */
final class Circuit {

    private static final System.Logger LOG = System.getLogger(Circuit.class.getName());

    private static final int FAILURES = 3;
    private static final long PAUSE_NANOS = 500_000_000L;

    private final Consumer<Boolean> changed;
    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private int failures;
    private long tryAt;
    private String reason = "nothing yet";
    private volatile boolean open;
    private volatile boolean wavering;

    /** @param changed told true when calls are let through again, false when no longer */
    Circuit(Consumer<Boolean> changed) {
        this.changed = changed;
    }

    /** Returns when a call may be tried; whoever calls says afterwards how it went. */
    void enter() {
        if (!open) {
            return;
        }
        lock.lock();
        try {
            long now = System.nanoTime();
            if (open && now - tryAt < 0) {
                throw new UnavailableException("Expected Redis to answer, it has not lately: " + reason);
            }
            tryAt = now + PAUSE_NANOS;
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        return !open;
    }

    void succeeded() {
        if (!open && !wavering) {
            return;
        }
        boolean news;
        lock.lock();
        try {
            failures = 0;
            wavering = false;
            news = open;
            open = false;
        } finally {
            lock.unlock();
        }
        if (news) {
            LOG.log(System.Logger.Level.INFO, "Redis answers again");
            changed.accept(true);
        }
    }

    void failed(String why) {
        boolean news;
        lock.lock();
        try {
            failures++;
            wavering = true;
            reason = why;
            news = !open && failures >= FAILURES;
            open |= news;
            if (news) {
                tryAt = System.nanoTime() + PAUSE_NANOS;
            }
        } finally {
            lock.unlock();
        }
        if (news) {
            LOG.log(System.Logger.Level.WARNING, "Redis does not answer: {0}", why);
            changed.accept(false);
        }
    }
}
