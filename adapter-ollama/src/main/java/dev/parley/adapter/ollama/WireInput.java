package dev.parley.adapter.ollama;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What comes over a connection, by lines or by bytes. Whoever was too impatient may ask again: nothing is lost. Used by one thread.
 */
final class WireInput {

    private static final int FIRST_CAPACITY = 2048;
    private static final int LONGEST_LINE = 32 * 1024;

    private final Wire wire;
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int from;
    private int filled;

    WireInput(Wire wire) {
        this.wire = wire;
    }

    /** Whether nothing is here that came already. */
    boolean empty() {
        return from == filled;
    }

    /** Bytes as they come: how many, at most {@code room}, or {@link Wire#END}. */
    int read(byte[] into, int at, int room, long deadline) throws IOException, InterruptedException, LateException {
        if (empty() && !fill(deadline)) {
            return Wire.END;
        }
        int count = Math.min(room, filled - from);
        System.arraycopy(bytes, from, into, at, count);
        from += count;
        return count;
    }

    /** The next line, without its end. */
    String line(long deadline) throws IOException, InterruptedException, LateException {
        int scanned = from;
        while (true) {
            while (scanned < filled) {
                if (bytes[scanned++] == '\n') {
                    int end = scanned - 1 > from && bytes[scanned - 2] == '\r' ? scanned - 2 : scanned - 1;
                    String line = new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
                    from = scanned;
                    return line;
                }
            }
            if (filled - from > LONGEST_LINE) {
                throw new IOException("Expected shorter lines in the head of an answer");
            }
            int before = scanned - from;
            if (!fill(deadline)) {
                throw new IOException("Expected the rest of a line, found the end of the connection");
            }
            scanned = from + before;
        }
    }

    /** Waits for more; false when there is none. */
    private boolean fill(long deadline) throws IOException, InterruptedException, LateException {
        if (from == filled) {
            from = 0;
            filled = 0;
        } else if (filled == bytes.length) {
            System.arraycopy(bytes, from, bytes, 0, filled - from);
            filled -= from;
            from = 0;
            if (filled == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
        }
        int count = wire.read(bytes, filled, bytes.length - filled, deadline);
        if (count == Wire.END) {
            return false;
        }
        filled += count;
        return true;
    }
}
