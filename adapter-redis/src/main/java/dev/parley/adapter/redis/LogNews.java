package dev.parley.adapter.redis;

import dev.parley.domain.message.Author;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.session.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What those who read a log are told.
 *
 * @param epoch which text is meant: another one begins with each owner
 * @param from where the news begins, and all before it is known to whoever was told before
 * @param to where the text ends now
 * @param ended whether nothing follows
 * @param text what is between; empty when it has to be read
 */
record LogNews(String epoch, long from, long to, boolean ended, String text) {

    /** Longer pieces are read instead of told, so that no listener's buffer in Redis grows. */
    static final int LONGEST = 32 * 1024;

    /** Everything but the text, which follows as it is. */
    static byte[] before(String epoch, long from, long to, boolean ended) {
        return new Packing().text(epoch).number(from).number(to).flag(ended).bytes();
    }

    /** @throws IllegalArgumentException for what is no such news */
    static LogNews read(byte[] message) {
        Unpacking in = new Unpacking(message);
        return new LogNews(
                in.text(), in.number(), in.number(), in.flag(), new String(in.rest(), StandardCharsets.UTF_8));
    }

    static byte[] head(StreamHead head) {
        return new Packing()
                .text(head.session().value())
                .text(head.reply().value())
                .text(head.question().value())
                .text(head.agent().id())
                .text(head.agent().name())
                .text(head.model())
                .flag(head.fallback())
                .bytes();
    }

    static StreamHead head(byte[] packed) {
        Unpacking in = new Unpacking(packed);
        return new StreamHead(
                new SessionId(in.text()),
                new MessageId(in.text()),
                new MessageId(in.text()),
                new Author.Agent(in.text(), in.text()),
                in.text(),
                in.flag());
    }

    /** How many bytes {@code text} takes in Redis. */
    static long bytesIn(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The text that {@code bytes} hold from the {@code skip}th on. */
    static String text(byte[] bytes, long skip) {
        int from = (int) Math.min(bytes.length, Math.max(0, skip));
        return new String(Arrays.copyOfRange(bytes, from, bytes.length), StandardCharsets.UTF_8);
    }
}
