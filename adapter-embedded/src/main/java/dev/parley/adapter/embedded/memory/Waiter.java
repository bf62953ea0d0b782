package dev.parley.adapter.embedded.memory;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A sleeping reader, linked into its log's list at most once at a time. */
final class Waiter {

    private final AtomicBoolean enlisted = new AtomicBoolean();
    private volatile @Nullable Thread sleeper;

    /** The rest of the list; written before this is published in it. */
    @Nullable
    Waiter next;

    /** Says that the calling thread is about to sleep; true when this is to be linked into the list. */
    boolean enlist() {
        sleeper = Thread.currentThread();
        return enlisted.compareAndSet(false, true);
    }

    /** Says that nobody sleeps here any more. */
    void rise() {
        sleeper = null;
    }

    /** Wakes the sleeper; this is no longer in the list when it is called. */
    void wake() {
        next = null;
        enlisted.set(false);
        Thread asleep = sleeper;
        if (asleep != null) {
            LockSupport.unpark(asleep);
        }
    }
}
