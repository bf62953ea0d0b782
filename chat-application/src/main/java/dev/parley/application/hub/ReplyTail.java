package dev.parley.application.hub;

import dev.parley.domain.error.ChatException;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Reads one reply's log for all of this node who follow its session. It waits until what it read was told before it reads on, so
 * under load it reads bigger pieces and not more of them.
 *
 * <p>Its thread tells on behalf of the session's hub as well, so it is interrupted only while it waits for the log.
 */
final class ReplyTail implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ReplyTail.class.getName());

    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final Duration AWAY = Duration.ofSeconds(1);

    private final StreamLog streams;
    private final MessageId reply;
    private final Function<StreamLog.Read, CompletableFuture<?>> reader;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private boolean waiting;
    private boolean closed;

    /** @param reader tells what was read, on the calling thread or another, and says when it has been told */
    ReplyTail(StreamLog streams, MessageId reply, Function<StreamLog.Read, CompletableFuture<?>> reader) {
        this.streams = streams;
        this.reply = reply;
        this.reader = reader;
        this.thread = Thread.ofVirtual().name("tail-" + reply).unstarted(this::run);
    }

    ReplyTail begin() {
        thread.start();
        return this;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (waiting) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            boolean over = false;
            while (!over) {
                over = readToEnd();
            }
        } catch (InterruptedException closing) {
            LOG.log(System.Logger.Level.TRACE, "reply={0} is followed no longer", reply);
        }
    }

    /** True when there is nothing more to read, false when the log must be opened anew. */
    private boolean readToEnd() throws InterruptedException {
        try (StreamLog.Cursor cursor = streams.open(reply, 0)) {
            while (true) {
                switch (waiting(cursor::next)) {
                    case StreamLog.Read.Nothing nothing -> {}
                    case StreamLog.Read.Grown grown -> {
                        told(grown);
                        if (grown.ended()) {
                            return true;
                        }
                    }
                    case StreamLog.Read.Gone gone -> {
                        told(gone);
                        sleep(AGAIN);
                        return false;
                    }
                }
            }
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "reply=" + reply + " cannot be read", away);
            sleep(AWAY);
            return false;
        }
    }

    private void told(StreamLog.Read read) {
        try {
            reader.apply(read).join();
        } catch (CompletionException failed) {
            LOG.log(System.Logger.Level.ERROR, "reply=" + reply + " could not be told", failed);
        }
    }

    private void sleep(Duration time) throws InterruptedException {
        waiting(() -> {
            Thread.sleep(time);
            return true;
        });
    }

    /** Waits for something; ends early, as interrupted, when this is closed or was before. */
    private <T> T waiting(Wait<T> wait) throws InterruptedException {
        mayBeInterrupted(true);
        try {
            return wait.end();
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
            waiting = may;
            if (Thread.interrupted()) {
                LOG.log(System.Logger.Level.TRACE, "reply={0} was waiting no longer when it was interrupted", reply);
            }
        } finally {
            lock.unlock();
        }
    }

    @FunctionalInterface
    private interface Wait<T> {
        T end() throws InterruptedException;
    }
}
