package dev.parley.testkit.live;

import dev.parley.domain.message.Author;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.reply.StreamLog.Cursor;
import dev.parley.domain.reply.StreamLog.Read;
import dev.parley.domain.reply.StreamLog.Writer;
import dev.parley.domain.session.SessionId;

/** Few words for what readers and writers of a log do. */
abstract class StreamLogReading extends LiveContract<StreamLog> {

    static final MessageId REPLY = new MessageId("reply-1");
    static final StreamHead HEAD = headOf("reply-1");

    /** What {@link #readToTheEnd} gives when the place meant nothing. */
    static final String GONE = "(gone)";

    static StreamHead headOf(String reply) {
        return new StreamHead(
                new SessionId("room"),
                new MessageId(reply),
                new MessageId("question-1"),
                new Author.Agent("helper", "Helper 😀"),
                "tiny:latest",
                true);
    }

    static Read.Grown grown(Cursor cursor) throws InterruptedException {
        Read read = cursor.next(PATIENCE);
        if (read instanceof Read.Grown grown) {
            return grown;
        }
        throw new AssertionError("Expected that the log has grown, found " + read);
    }

    /** Reads from {@code offset} to the end, and checks that every piece begins where the one before ended. */
    static String readToTheEnd(StreamLog log, long offset) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        try (Cursor cursor = log.open(REPLY, offset)) {
            while (true) {
                Read read = cursor.next(PATIENCE);
                if (read instanceof Read.Gone) {
                    return GONE;
                }
                if (!(read instanceof Read.Grown grown) || grown.from() != offset + text.length()) {
                    throw new AssertionError("Expected text from " + (offset + text.length()) + ", found " + read);
                }
                text.append(grown.text());
                if (grown.ended()) {
                    return text.toString();
                }
            }
        }
    }

    static String readUntil(Cursor cursor, int length) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(grown(cursor).text());
        }
        return text.toString();
    }

    /** Appends pieces of 1, 2, 3, 1, 2 … characters, and never half a pair. */
    static void appendInPieces(Writer writer, String text) {
        int at = 0;
        for (int i = 0; at < text.length(); i++) {
            int to = Math.min(text.length(), at + 1 + i % 3);
            to += splitsPair(text, to) ? 1 : 0;
            writer.append(text.substring(at, to));
            at = to;
        }
    }

    static boolean splitsPair(String text, int offset) {
        return offset > 0
                && offset < text.length()
                && Character.isSurrogatePair(text.charAt(offset - 1), text.charAt(offset));
    }
}
