package dev.parley.application.hub;

import dev.parley.domain.error.ChatException;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamLog;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Reads one reply's log for all of this node who follow its session. It waits until what it read was told before it reads on, so
 * under load it reads bigger pieces and not more of them.
 */
final class ReplyTail implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ReplyTail.class.getName());

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final Duration AWAY = Duration.ofSeconds(1);

    private final StreamLog streams;
    private final MessageId reply;
    private final Function<StreamLog.Read, Future<?>> reader;
    private final Thread thread;
    private volatile boolean closed;

    /** @param reader takes what was read, and says when it has been told */
    ReplyTail(StreamLog streams, MessageId reply, Function<StreamLog.Read, Future<?>> reader) {
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
        closed = true;
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed) {
                if (readToEnd()) {
                    return;
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** True when there is nothing more to read, false when the log must be opened anew. */
    private boolean readToEnd() throws InterruptedException {
        try (StreamLog.Cursor cursor = streams.open(reply, 0)) {
            while (!closed) {
                StreamLog.Read read = cursor.next(PATIENCE);
                switch (read) {
                    case StreamLog.Read.Nothing nothing -> {}
                    case StreamLog.Read.Grown grown -> {
                        told(grown);
                        if (grown.ended()) {
                            return true;
                        }
                    }
                    case StreamLog.Read.Gone gone -> {
                        told(gone);
                        Thread.sleep(AGAIN);
                        return false;
                    }
                }
            }
            return true;
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "reply=" + reply + " cannot be read", away);
            Thread.sleep(AWAY);
            return false;
        }
    }

    private void told(StreamLog.Read read) throws InterruptedException {
        try {
            reader.apply(read).get();
        } catch (ExecutionException failed) {
            LOG.log(System.Logger.Level.ERROR, "reply=" + reply + " could not be told", failed);
        }
    }
}
