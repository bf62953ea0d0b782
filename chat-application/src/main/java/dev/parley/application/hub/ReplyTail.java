package dev.parley.application.hub;

import dev.parley.domain.Registration;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one reply's log for all of this node who follow its session. It waits until what it read was told before it reads on, so
 * under load it reads bigger pieces and not more of them.
 *
 * <p>A thread of its own waits for the log, or, where the log can tell that there is more, only until it has begun: from then on who
 * writes reads it here and tells it, so that no thread is woken for a piece. Its own thread tells on behalf of the session's hub as
 * well, so it is interrupted only while it waits.
 */
final class ReplyTail implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ReplyTail.class.getName());

    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final Duration AWAY = Duration.ofSeconds(1);

    private final StreamLog streams;
    private final MessageId reply;
    private final Timers timers;
    private final Function<StreamLog.Read, CompletableFuture<?>> reader;
    private final Runnable more = this::more;

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private Optional<Thread> waiting = Optional.empty();
    private Optional<StreamLog.Cursor> left = Optional.empty();
    private Registration planned = () -> {};
    private boolean closed;

    /** @param reader tells what was read, on the calling thread or another, and says when it has been told */
    ReplyTail(
            StreamLog streams, MessageId reply, Timers timers, Function<StreamLog.Read, CompletableFuture<?>> reader) {
        this.streams = streams;
        this.reply = reply;
        this.timers = timers;
        this.reader = reader;
    }

    ReplyTail begin() {
        Thread.ofVirtual().name("tail-" + reply).start(this::run);
        return this;
    }

    @Override
    public void close() {
        Optional<StreamLog.Cursor> unread;
        lock.lock();
        try {
            closed = true;
            waiting.ifPresent(Thread::interrupt);
            planned.close();
            unread = left;
            left = Optional.empty();
        } finally {
            lock.unlock();
        }
        unread.ifPresent(StreamLog.Cursor::close);
    }

    // On a thread of its own

    private void run() {
        try {
            read().ifPresent(this::beginAgain);
        } catch (InterruptedException closing) {
            LOG.log(System.Logger.Level.TRACE, "reply={0} is followed no longer", reply);
        }
    }

    /** After how long the log must be opened anew; empty when there is nothing more to be done here. */
    private Optional<Duration> read() throws InterruptedException {
        Optional<StreamLog.Cursor> mine = Optional.empty();
        try {
            StreamLog.Cursor cursor = streams.open(reply, 0);
            mine = Optional.of(cursor);
            while (true) {
                StreamLog.Read read = waiting(cursor);
                tell(read);
                if (ends(read)) {
                    return Optional.empty();
                }
                if (read instanceof StreamLog.Read.Gone) {
                    return Optional.of(AGAIN);
                }
                if (leave(cursor)) {
                    mine = Optional.empty();
                    return Optional.empty();
                }
            }
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "reply=" + reply + " cannot be read", away);
            return Optional.of(AWAY);
        } finally {
            mine.ifPresent(StreamLog.Cursor::close);
        }
    }

    private void tell(StreamLog.Read read) {
        try {
            reader.apply(read).join();
        } catch (CompletionException failed) {
            notTold(failed);
        }
    }

    private void notTold(Throwable failed) {
        LOG.log(System.Logger.Level.ERROR, "reply=" + reply + " could not be told", failed);
    }

    private static boolean ends(StreamLog.Read read) {
        return read instanceof StreamLog.Read.Grown grown && grown.ended();
    }

    /** Waits for more; ends early, as interrupted, when this is closed or was before. */
    private StreamLog.Read waiting(StreamLog.Cursor cursor) throws InterruptedException {
        mayBeInterrupted(true);
        try {
            return cursor.next();
        } finally {
            mayBeInterrupted(false);
        }
    }

    private void mayBeInterrupted(boolean may) throws InterruptedException {
        lock.lock();
        try {
            if (may && closed) {
                throw new InterruptedException("Expected to go on reading, was closed");
            }
            waiting = may ? Optional.of(Thread.currentThread()) : Optional.empty();
            if (Thread.interrupted()) {
                LOG.log(System.Logger.Level.TRACE, "reply={0} was waiting no longer when it was interrupted", reply);
            }
        } finally {
            lock.unlock();
        }
    }

    // On the thread of whoever writes, which does not wait here

    /** Leaves the cursor to who writes next; false when this is closed, or the log cannot tell. */
    private boolean leave(StreamLog.Cursor cursor) {
        lock.lock();
        try {
            boolean leaves = !closed && cursor.whenMore(more);
            if (leaves) {
                left = Optional.of(cursor);
            }
            return leaves;
        } finally {
            lock.unlock();
        }
    }

    private void more() {
        Optional<StreamLog.Cursor> found;
        lock.lock();
        try {
            found = left;
            left = Optional.empty();
        } finally {
            lock.unlock();
        }
        found.ifPresent(this::readOn);
    }

    private void readOn(StreamLog.Cursor cursor) {
        try {
            StreamLog.Read read = cursor.next(Duration.ZERO);
            if (read instanceof StreamLog.Read.Nothing) {
                goOn(cursor, read, null);
            } else {
                whenTold(reader.apply(read), failed -> goOn(cursor, read, failed));
            }
        } catch (RuntimeException | InterruptedException failed) {
            notRead(cursor, failed);
        }
    }

    /** Mostly it has been told already. */
    private static void whenTold(CompletableFuture<?> told, Consumer<@Nullable Throwable> then) {
        if (told.state() == Future.State.SUCCESS) {
            then.accept(null);
        } else {
            var unused = told.whenComplete((done, failed) -> then.accept(failed));
        }
    }

    private void notRead(StreamLog.Cursor cursor, Exception failed) {
        LOG.log(System.Logger.Level.WARNING, "reply=" + reply + " cannot be read by who writes it", failed);
        cursor.close();
        beginAgain(AWAY);
    }

    /** What was read has been told. */
    private void goOn(StreamLog.Cursor cursor, StreamLog.Read read, @Nullable Throwable failed) {
        if (failed != null) {
            notTold(failed);
        }
        if (ends(read)) {
            cursor.close();
        } else if (read instanceof StreamLog.Read.Gone) {
            cursor.close();
            beginAgain(AGAIN);
        } else {
            leaveOrBeginAgain(cursor);
        }
    }

    private void leaveOrBeginAgain(StreamLog.Cursor cursor) {
        try {
            if (!leave(cursor)) {
                cursor.close();
                beginAgain(Duration.ZERO);
            }
        } catch (RuntimeException failed) {
            notRead(cursor, failed);
        }
    }

    private void beginAgain(Duration pause) {
        lock.lock();
        try {
            if (!closed && pause.isZero()) {
                begin();
            } else if (!closed) {
                planned = timers.after(pause, this::begin);
            }
        } finally {
            lock.unlock();
        }
    }
}
