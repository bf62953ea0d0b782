package dev.parley.adapter.redis;

import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One reply's text as this node has it, in this node's own log, from which its readers read. Guarded by whoever has it.
 *
 * <p>Whatever begins anew here gets a higher number in that log than everything before it, so that readers of what is void are told.
 */
final class LocalText {

    private final StreamLog local;
    private final AtomicLong numbers;
    private StreamLog.@Nullable Writer writer;
    private @Nullable StreamHead head;
    private String epoch = "";
    private long length;
    private long bytes;
    private boolean ended;

    /** @param numbers counts all beginnings in that log */
    LocalText(StreamLog local, AtomicLong numbers) {
        this.local = local;
        this.numbers = numbers;
    }

    void begin(StreamHead newHead, String newEpoch) {
        close();
        writer = local.create(newHead, numbers.incrementAndGet());
        head = newHead;
        epoch = newEpoch;
        length = 0;
        bytes = 0;
        ended = false;
    }

    /** What was read here is void; tells readers so. */
    void vanish() {
        if (head != null) {
            begin(head, "");
        }
    }

    void append(String text) {
        if (writer != null && !text.isEmpty()) {
            length = writer.append(text);
            bytes += LogNews.bytesIn(text);
        }
    }

    void end() {
        if (writer != null && !ended) {
            ended = true;
            writer.end();
        }
    }

    void close() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    /** Whether this is the text of {@code other}. */
    boolean of(String other) {
        return writer != null && epoch.equals(other);
    }

    boolean begun() {
        return writer != null && !epoch.isEmpty();
    }

    String epoch() {
        return epoch;
    }

    long length() {
        return length;
    }

    long bytes() {
        return bytes;
    }

    boolean ended() {
        return ended;
    }
}
