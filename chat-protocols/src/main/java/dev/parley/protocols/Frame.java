package dev.parley.protocols;

import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One message on the wire: a text in UTF-8, or bytes. Immutable and shared between connections: nobody changes {@code utf8}.
 *
 * @param utf8 the message as it is on the wire
 * @param mark what the client has seen once it has this frame, for transports that keep the cursor for it
 * @param binary whether it is no text, for transports and languages that tell them apart
 */
public record Frame(byte[] utf8, Mark mark, boolean binary) {

    /** What a frame moves a client's cursor to. */
    public sealed interface Mark {

        /** Nothing. */
        record None() implements Mark {}

        /** Everything durable up to a position. */
        record At(long position) implements Mark {}

        /** A reply up to a length. */
        record Shown(MessageId reply, long offset) implements Mark {}

        /** A reply's end, and everything durable up to a position. */
        record Ended(MessageId reply, long position) implements Mark {}

        /** Everything published to a topic up to a position. */
        record Published(TopicId topic, long position) implements Mark {}

        /** Something of one session, for languages that tell several on one connection. */
        record Of(SessionId session, Mark mark) implements Mark {}

        /** Nothing of this session any more. */
        record Left(SessionId session) implements Mark {}

        /** Several at once. */
        record All(List<Mark> marks) implements Mark {
            public All {
                marks = List.copyOf(marks);
            }
        }
    }

    private static final Mark NONE = new Mark.None();

    /** A text. */
    public Frame(byte[] utf8, Mark mark) {
        this(utf8, mark, false);
    }

    public static Frame text(String text) {
        return new Frame(text.getBytes(StandardCharsets.UTF_8), NONE);
    }

    public static Frame of(byte[] utf8) {
        return new Frame(utf8, NONE);
    }

    public static Frame binary(byte[] bytes) {
        return new Frame(bytes, NONE, true);
    }

    public String text() {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    public int size() {
        return utf8.length;
    }
}
