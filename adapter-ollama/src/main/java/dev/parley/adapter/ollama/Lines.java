package dev.parley.adapter.ollama;

import java.io.IOException;
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
    private static final int FIRST_CAPACITY = 1024;
    private static final int ROOM = 512;

    private final Exchange answer;
    private final int maxLine;
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int from;
    private int scanned;
    private int filled;
    private boolean ended;

    Lines(Exchange answer, int maxLine) {
        this.answer = answer;
        this.maxLine = maxLine;
    }

    /** The next line; the wait is counted from this call on, and time that passes elsewhere is not. */
    Next next(Duration timeout) throws IOException, InterruptedException {
        long deadline = 0;
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
            deadline = deadline == 0 ? answer.in(timeout) : deadline;
            try {
                fill(deadline);
            } catch (LateException late) {
                return new Next.Late();
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

    private void fill(long deadline) throws IOException, InterruptedException, LateException {
        if (from == filled) {
            from = 0;
            scanned = 0;
            filled = 0;
        } else if (bytes.length - filled < ROOM) {
            System.arraycopy(bytes, from, bytes, 0, filled - from);
            scanned -= from;
            filled -= from;
            from = 0;
            if (bytes.length - filled < ROOM) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
        }
        int count = answer.read(bytes, filled, bytes.length - filled, deadline);
        ended = count == Wire.END;
        filled += ended ? 0 : count;
    }

    /** Waits a moment for the end after the last line, so that the connection can be used again. */
    void finish() throws IOException, InterruptedException {
        try {
            // Whatever else comes means that it is not the end, and that the connection cannot be used again.
            ended = ended || answer.read(bytes, 0, 1, answer.in(FINISHING)) == Wire.END;
        } catch (LateException goesOn) {
            ended = true;
        }
    }
}
