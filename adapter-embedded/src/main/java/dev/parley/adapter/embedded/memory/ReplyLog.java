package dev.parley.adapter.embedded.memory;

import dev.parley.adapter.embedded.memory.LiveMemory.Retention;
import dev.parley.domain.Registration;
import dev.parley.domain.error.FencedException;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The log of one reply. Writers take turns at a lock; readers look at the newest {@link Tail} and need none.
 *
 * <p>The characters before a tail's length never change, so all tails of one text share its growing array.
 */
final class ReplyLog {

    private static final char[] NO_TEXT = {};
    private static final int FIRST_CAPACITY = 512;

    private final MessageId reply;
    private final Executor tellers;
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicReference<@Nullable Waiter> waiting = new AtomicReference<>();
    private volatile Tail tail = new Tail(null, Long.MIN_VALUE, NO_TEXT, 0, "", false, false);

    /** Open cursors; guarded by the map of logs. */
    int readers;

    private long touchedAt;
    private @Nullable Registration watch;

    /** @param tellers run what readers left when whoever writes does not */
    ReplyLog(MessageId reply, Executor tellers) {
        this.reply = reply;
        this.tellers = tellers;
    }

    MessageId reply() {
        return reply;
    }

    Tail tail() {
        return tail;
    }

    boolean begun() {
        return tail.head != null;
    }

    void begin(StreamHead head, long fence, long now) {
        writing.lock();
        try {
            Tail old = tail;
            checkFence(old, fence);
            touchedAt = now;
            if (old.head != null && old.fence == fence) {
                return;
            }
            tail = new Tail(head, fence, NO_TEXT, 0, "", false, false);
        } finally {
            writing.unlock();
        }
        wake();
    }

    long append(long fence, String piece, long now) {
        return append(fence, piece, now, tellers);
    }

    long append(long fence, String piece, long now, Executor teller) {
        checkPiece(piece);
        long end;
        writing.lock();
        try {
            Tail old = tail;
            checkFence(old, fence);
            if (old.ended) {
                throw new IllegalStateException("Expected a reply that goes on, found that " + reply + " has ended");
            }
            int length = Math.addExact(old.length, piece.length());
            char[] text = old.text.length < length ? grown(old, length) : old.text;
            piece.getChars(0, piece.length(), text, old.length);
            tail = new Tail(old.head, fence, text, length, piece, false, old.forgotten);
            touchedAt = now;
            end = length;
        } finally {
            writing.unlock();
        }
        wake(teller);
        return end;
    }

    /** Ends it; false when it had ended before. */
    boolean end(long fence, long now) {
        writing.lock();
        try {
            Tail old = tail;
            checkFence(old, fence);
            if (old.ended) {
                return false;
            }
            char[] exact = Arrays.copyOf(old.text, old.length);
            tail = new Tail(old.head, fence, exact, old.length, old.last, true, old.forgotten);
            touchedAt = now;
        } finally {
            writing.unlock();
        }
        wake();
        return true;
    }

    /** Tells all cursors that nothing can be had here any more. */
    void forget() {
        writing.lock();
        try {
            Tail old = tail;
            tail = new Tail(old.head, old.fence, old.text, old.length, old.last, old.ended, true);
            if (watch != null) {
                watch.close();
            }
        } finally {
            writing.unlock();
        }
        wake();
    }

    /** When it may be forgotten, on the clock by which it was touched. */
    long dueAt(Retention retention) {
        writing.lock();
        try {
            return touchedAt + (tail.ended ? retention.ended() : retention.abandoned()).toMillis();
        } finally {
            writing.unlock();
        }
    }

    /** Takes the one timer that looks after this log, in place of the one before. */
    void watchedBy(Registration timer) {
        writing.lock();
        try {
            if (watch != null) {
                watch.close();
            }
            watch = timer;
        } finally {
            writing.unlock();
        }
    }

    /** Has {@code waiter} woken at the next change; whoever calls looks once more afterwards before sleeping. */
    void await(Waiter waiter) {
        if (waiter.enlist()) {
            link(waiter);
        }
    }

    /** Has {@code task} run by another thread. */
    void tell(Runnable task) {
        tellers.execute(task);
    }

    /** Has {@code task} run at the next change; whoever calls looks once more afterwards. */
    void await(Waiter waiter, Runnable task) {
        if (waiter.enlist(task)) {
            link(waiter);
        }
    }

    private void link(Waiter waiter) {
        Waiter first;
        do {
            first = waiting.get();
            waiter.next = first;
        } while (!waiting.compareAndSet(first, waiter));
    }

    private void wake() {
        wake(tellers);
    }

    private void wake(Executor teller) {
        Waiter waiter = waiting.get() == null ? null : waiting.getAndSet(null);
        while (waiter != null) {
            Waiter next = waiter.next;
            waiter.wake(teller);
            waiter = next;
        }
    }

    private static char[] grown(Tail old, int length) {
        int doubled = old.text.length > Integer.MAX_VALUE / 2 ? length : old.text.length * 2;
        return Arrays.copyOf(old.text, Math.max(FIRST_CAPACITY, Math.max(doubled, length)));
    }

    private void checkFence(Tail newest, long fence) {
        if (fence < newest.fence) {
            throw new FencedException(
                    "Expected a fence of at least " + newest.fence + " for reply " + reply + ", found " + fence);
        }
    }

    private static void checkPiece(String piece) {
        if (piece.isEmpty()) {
            throw new IllegalArgumentException("Expected a piece that is not empty");
        }
        if (Character.isLowSurrogate(piece.charAt(0)) || Character.isHighSurrogate(piece.charAt(piece.length() - 1))) {
            throw new IllegalArgumentException("Expected a piece that splits no surrogate pair");
        }
    }

    /** How a log stood at one moment. */
    static final class Tail {
        final @Nullable StreamHead head;
        final long fence;
        final char[] text;
        final int length;

        /** The newest piece, so that all who follow closely share it. */
        final String last;

        final boolean ended;
        final boolean forgotten;

        Tail(
                @Nullable StreamHead head,
                long fence,
                char[] text,
                int length,
                String last,
                boolean ended,
                boolean forgotten) {
            this.head = head;
            this.fence = fence;
            this.text = text;
            this.length = length;
            this.last = last;
            this.ended = ended;
            this.forgotten = forgotten;
        }

        String from(int offset) {
            return length - offset == last.length() ? last : new String(text, offset, length - offset);
        }

        boolean splitsAt(int offset) {
            return offset > 0
                    && offset < length
                    && Character.isSurrogatePair(text[offset - 1], text[offset]);
        }
    }
}
