package dev.parley.adapter.redis;

import dev.parley.domain.message.Author;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.SessionId;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Follows a reply to its end as a session's hub does, on a thread of its own: what is void is forgotten and begun anew. */
final class LogReader {

    private final StreamLog streams;
    private final MessageId reply;
    private final AtomicReference<String> text = new AtomicReference<>("");
    private final FutureTask<String> whole = new FutureTask<>(this::read);
    private final AtomicInteger beginnings = new AtomicInteger();

    private LogReader(StreamLog streams, MessageId reply) {
        this.streams = streams;
        this.reply = reply;
    }

    static LogReader of(StreamLog streams, String reply) {
        LogReader reader = new LogReader(streams, new MessageId(reply));
        Thread.ofVirtual().start(reader.whole);
        return reader;
    }

    static StreamHead head(String reply) {
        return new StreamHead(
                new SessionId("room"),
                new MessageId(reply),
                new MessageId("question"),
                new Author.Agent("helper", "Helper"),
                "tiny",
                false);
    }

    /** What was read so far. */
    String text() {
        return text.get();
    }

    /** How often it began anew. */
    int beginnings() {
        return beginnings.get();
    }

    Future<String> whole() {
        return whole;
    }

    /** The whole text, once it has ended. */
    String toTheEnd() throws InterruptedException, ExecutionException, TimeoutException {
        return whole.get(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private String read() throws InterruptedException {
        while (true) {
            text.set("");
            if (readOnce()) {
                return text.get();
            }
            beginnings.incrementAndGet();
        }
    }

    private boolean readOnce() throws InterruptedException {
        try (StreamLog.Cursor cursor = streams.open(reply, 0)) {
            while (true) {
                switch (cursor.next()) {
                    case StreamLog.Read.Nothing nothing -> {}
                    case StreamLog.Read.Gone gone -> {
                        return false;
                    }
                    case StreamLog.Read.Grown grown -> {
                        if (grown.from() != text().length()) {
                            throw new AssertionError("Expected text from " + text().length() + ", found " + grown);
                        }
                        text.updateAndGet(known -> known + grown.text());
                        if (grown.ended()) {
                            return true;
                        }
                    }
                }
            }
        }
    }
}
