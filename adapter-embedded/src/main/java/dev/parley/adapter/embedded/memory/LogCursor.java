package dev.parley.adapter.embedded.memory;

import dev.parley.adapter.embedded.memory.ReplyLog.Tail;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog.Cursor;
import dev.parley.domain.reply.StreamLog.Read;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** One reader's place in a log. */
final class LogCursor implements Cursor {

    private static final Read NOTHING = new Read.Nothing();
    private static final Read GONE = new Read.Gone();

    private final ReplyLog log;
    private final Runnable onClose;
    private final Waiter waiter = new Waiter();
    private long at;
    private long seenFence;
    private boolean headSeen;
    private boolean endSeen;
    private boolean gone;
    private boolean closed;

    LogCursor(ReplyLog log, long offset, Runnable onClose) {
        this.log = log;
        this.at = offset;
        this.onClose = onClose;
    }

    @Override
    public Read next(Duration wait) throws InterruptedException {
        Read found = lookOnce();
        if (!(found instanceof Read.Nothing) || wait.isZero() || wait.isNegative()) {
            return found;
        }
        long span = ForwardClock.nanosOf(wait);
        long began = System.nanoTime();
        try {
            while (true) {
                log.await(waiter);
                found = look();
                long left = span - (System.nanoTime() - began);
                if (!(found instanceof Read.Nothing) || left <= 0) {
                    return found;
                }
                LockSupport.parkNanos(this, left);
                throwIfInterrupted();
            }
        } finally {
            waiter.rise();
        }
    }

    /** Without a timer for each wait, which would cost more than the wait. */
    @Override
    public Read next() throws InterruptedException {
        Read found = lookOnce();
        if (!(found instanceof Read.Nothing)) {
            return found;
        }
        try {
            while (true) {
                log.await(waiter);
                found = look();
                if (!(found instanceof Read.Nothing)) {
                    return found;
                }
                LockSupport.park(this);
                throwIfInterrupted();
            }
        } finally {
            waiter.rise();
        }
    }

    @Override
    public boolean whenMore(Runnable task) {
        if (closed) {
            throw new IllegalStateException("Expected an open cursor, found a closed one");
        }
        log.await(waiter, task);
        if (hasMore()) {
            Runnable mine = waiter.task();
            if (mine != null) {
                log.tell(mine);
            }
        }
        return true;
    }

    private boolean hasMore() {
        Tail tail = log.tail();
        return gone
                || tail.forgotten
                || tail.head != null
                        && (!headSeen || seenFence != tail.fence || at < tail.length || tail.ended && !endSeen);
    }

    private Read lookOnce() throws InterruptedException {
        if (closed) {
            throw new IllegalStateException("Expected an open cursor, found a closed one");
        }
        throwIfInterrupted();
        return look();
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private Read look() {
        Tail tail = log.tail();
        StreamHead head = tail.head;
        if (gone || tail.forgotten) {
            return lost();
        }
        if (head == null) {
            return NOTHING;
        }
        if (!headSeen || seenFence != tail.fence) {
            return firstLook(tail, head);
        }
        if (at < tail.length || (tail.ended && !endSeen)) {
            return grown(tail, head);
        }
        return NOTHING;
    }

    private Read firstLook(Tail tail, StreamHead head) {
        boolean anotherText = headSeen && at > 0;
        if (anotherText || at > tail.length || tail.splitsAt((int) at)) {
            return lost();
        }
        headSeen = true;
        endSeen = false;
        seenFence = tail.fence;
        return grown(tail, head);
    }

    private Read grown(Tail tail, StreamHead head) {
        long from = at;
        at = tail.length;
        endSeen = tail.ended;
        return new Read.Grown(head, from, tail.from((int) from), tail.ended);
    }

    private Read lost() {
        gone = true;
        return GONE;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            // It stays in the list until something is written; what it was to do then need not stay with it.
            waiter.task();
            onClose.run();
        }
    }
}
