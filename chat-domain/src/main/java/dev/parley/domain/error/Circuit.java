package dev.parley.domain.error;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets calls through while what they go to answers. After some that failed in a row it refuses them at once, so that nobody waits
 * for what will not come, and lets one try now and then; whatever succeeds closes it again. Safe for use by many threads.
 */
public final class Circuit {

    private static final System.Logger LOG = System.getLogger(Circuit.class.getName());

    private static final int FAILURES = 3;
    private static final long PAUSE_NANOS = 500_000_000L;

    private final String name;
    private final LongSupplier nanos;
    private final Consumer<Boolean> changed;
    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private int failures;
    private long tryAt;
    private volatile String reason = "nothing yet";
    private volatile boolean open;
    private volatile boolean wavering;

    /** Held while a change is told; taken by nobody who holds {@link #lock}. */
    private final ReentrantLock telling = new ReentrantLock();
    // guarded by telling
    private boolean toldOpen;

    /**
     * @param name what the calls go to, for operators
     * @param nanos a clock that never goes back, as {@code System::nanoTime}
     * @param changed told true when calls are let through again, false when no longer
     */
    public Circuit(String name, LongSupplier nanos, Consumer<Boolean> changed) {
        this.name = name;
        this.nanos = nanos;
        this.changed = changed;
    }

    /**
     * Returns when a call may be tried; whoever calls says afterwards how it went.
     *
     * @throws UnavailableException when it is of no use just now
     */
    public void enter() {
        if (!open) {
            return;
        }
        lock.lock();
        try {
            long now = nanos.getAsLong();
            if (open && now - tryAt < 0) {
                throw new UnavailableException("Expected " + name + " to answer, it has not lately: " + reason);
            }
            tryAt = now + PAUSE_NANOS;
        } finally {
            lock.unlock();
        }
    }

    /** Whether calls are let through. */
    public boolean closed() {
        return !open;
    }

    /** A call was answered, whatever the answer. */
    public void succeeded() {
        if (!open && !wavering) {
            return;
        }
        lock.lock();
        try {
            failures = 0;
            wavering = false;
            open = false;
        } finally {
            lock.unlock();
        }
        tell();
    }

    /** A call was not answered, or in a way that others would not be either. {@code why} is for operators */
    public void failed(String why) {
        lock.lock();
        try {
            failures++;
            wavering = true;
            reason = why;
            if (!open && failures >= FAILURES) {
                open = true;
                tryAt = nanos.getAsLong() + PAUSE_NANOS;
            }
        } finally {
            lock.unlock();
        }
        tell();
    }

    /** Tells how it is now: who comes late has nothing to say, so that the last that is said is what holds. */
    private void tell() {
        telling.lock();
        try {
            boolean now = open;
            if (now == toldOpen) {
                return;
            }
            toldOpen = now;
            if (now) {
                LOG.log(System.Logger.Level.WARNING, "{0} does not answer: {1}", name, reason);
            } else {
                LOG.log(System.Logger.Level.INFO, "{0} answers again", name);
            }
            changed.accept(!now);
        } finally {
            telling.unlock();
        }
    }
}
