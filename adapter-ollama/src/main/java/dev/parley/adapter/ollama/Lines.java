package dev.parley.adapter.ollama;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/** Cuts arriving bytes into lines; empty ones are passed over. Used by one thread. */
final class Lines {

    /** What came next. */
    sealed interface Next {

        /** A line without its end; the bytes are good until the next call. */
        record Line(Lines lines, int from, int to) implements Next {

            byte[] bytes() {
                return lines.bytes;
            }
        }

        /** Nothing follows. */
        record End() implements Next {}

        /** No whole line came in the time given. */
        record Late() implements Next {}

        /** The line is longer than what is allowed. */
        record TooLong() implements Next {}
    }

    private static final Duration FINISHING = Duration.ofMillis(100);
    private static final int FIRST_CAPACITY = 8 * 1024;

    private final AnswerBody body;
    private final int maxLine;
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int from;
    private int scanned;
    private int filled;
    private boolean ended;

    Lines(AnswerBody body, int maxLine) {
        this.body = body;
        this.maxLine = maxLine;
    }

    /** The next line; the wait is counted from this call on, and time that passes elsewhere is not. */
    Next next(Duration timeout) throws IOException, InterruptedException {
        long began = 0;
        while (true) {
            while (scanned < filled) {
                if (bytes[scanned++] == '\n' && scanned - 1 > from) {
                    Next line = new Next.Line(this, from, scanned - 1);
                    from = scanned;
                    return line;
                }
                if (bytes[scanned - 1] == '\n') {
                    from = scanned;
                }
            }
            if (filled - from > maxLine) {
                return new Next.TooLong();
            }
            if (ended) {
                return rest();
            }
            long now = System.nanoTime();
            began = began == 0 ? now : began;
            Duration left = timeout.minusNanos(now - began);
            if (left.isNegative()) {
                return new Next.Late();
            }
            switch (body.next(left)) {
                case AnswerBody.Arrival.Bytes(var buffers) -> buffers.forEach(this::take);
                case AnswerBody.Arrival.End end -> ended = true;
                case AnswerBody.Arrival.Broken broken -> throw AnswerBody.failure(broken);
                case AnswerBody.Arrival.Late late -> {
                    return new Next.Late();
                }
            }
        }
    }

    private Next rest() {
        if (from == filled) {
            return new Next.End();
        }
        Next line = new Next.Line(this, from, filled);
        from = filled;
        return line;
    }

    private void take(ByteBuffer buffer) {
        int more = buffer.remaining();
        if (from == filled) {
            from = 0;
            scanned = 0;
            filled = 0;
        }
        if (filled + more > bytes.length) {
            System.arraycopy(bytes, from, bytes, 0, filled - from);
            scanned -= from;
            filled -= from;
            from = 0;
            if (filled + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, filled + more));
            }
        }
        buffer.get(bytes, filled, more);
        filled += more;
    }

    /** Waits a moment for the end after the last line, so that the connection can be used again. */
    void finish() throws InterruptedException {
        if (!ended && !(body.next(FINISHING) instanceof AnswerBody.Arrival.End)) {
            body.close();
        }
        ended = true;
    }
}
