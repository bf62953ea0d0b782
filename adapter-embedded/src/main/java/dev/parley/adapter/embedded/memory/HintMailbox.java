package dev.parley.adapter.embedded.memory;

import dev.parley.domain.live.Hint;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one listener. A virtual thread hands it over, one hint after the other, for as long as something waits; when a
 * slow listener lets too much pile up, the oldest hints go.
 */
final class HintMailbox {

    private static final Logger LOG = System.getLogger(HintMailbox.class.getName());
    private static final int CAPACITY = 4_096;
    private static final long CLOSING_SECONDS = 1;

    private final Consumer<? super Hint> listener;
    private final ReentrantLock lock = new ReentrantLock();

    /** Held while the listener runs, so that closing can wait for it. */
    private final ReentrantLock turn = new ReentrantLock();

    private final ArrayDeque<Hint> waiting = new ArrayDeque<>(1);
    private boolean draining;
    private boolean overflowed;
    private volatile boolean closed;

    HintMailbox(Consumer<? super Hint> listener) {
        this.listener = listener;
    }

    void offer(Hint hint) {
        boolean start;
        boolean firstLoss = false;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (waiting.size() == CAPACITY) {
                waiting.removeFirst();
                firstLoss = !overflowed;
                overflowed = true;
            }
            waiting.addLast(hint);
            start = !draining;
            draining = true;
        } finally {
            lock.unlock();
        }
        if (start) {
            Thread.ofVirtual().name("hints").start(this::drain);
        }
        if (firstLoss) {
            LOG.log(Level.WARNING, "A listener is too slow: more than {0} hints wait for it, the oldest go", CAPACITY);
        }
    }

    private void drain() {
        Hint hint = take();
        while (hint != null) {
            turn.lock();
            try {
                if (!closed) {
                    listener.accept(hint);
                }
            } catch (RuntimeException | Error e) {
                LOG.log(Level.WARNING, "A listener failed at a " + hint.getClass().getSimpleName() + " hint", e);
            } finally {
                turn.unlock();
            }
            hint = take();
        }
    }

    private @Nullable Hint take() {
        lock.lock();
        try {
            Hint hint = waiting.pollFirst();
            draining = hint != null;
            return hint;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
        } finally {
            lock.unlock();
        }
        try {
            // A listener may close itself, or wait for a lock that whoever closes it holds: so the wait has a bound.
            if (turn.tryLock(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                turn.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
