package dev.parley.adapter.embedded.memory;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A reader that sleeps, or left a task for when there is more; linked into its log's list at most once at a time. */
final class Waiter {

    private final AtomicBoolean enlisted = new AtomicBoolean();
    private final AtomicReference<@Nullable Runnable> task = new AtomicReference<>();
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

    /** Leaves a task, in place of one that was left before; true when this is to be linked into the list. */
    boolean enlist(Runnable left) {
        task.set(left);
        return enlisted.compareAndSet(false, true);
    }

    /** The task that was left, for whoever comes first. */
    @Nullable
    Runnable task() {
        return task.getAndSet(null);
    }

    /** Wakes the sleeper and runs the task; this is no longer in the list when it is called. */
    void wake(Executor teller) {
        next = null;
        enlisted.set(false);
        Thread asleep = sleeper;
        if (asleep != null) {
            LockSupport.unpark(asleep);
        }
        Runnable left = task();
        if (left != null) {
            teller.execute(left);
        }
    }
}
