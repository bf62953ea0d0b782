package dev.parley.benchmarks.load;

import java.nio.charset.StandardCharsets;

/** What is looked for in frames, without reading them as JSON. */
final class Bytes {

    static final byte[] HEAD_END = ascii("\r\n\r\n");
    static final byte[] SWITCHING = ascii(" 101 ");
    static final byte[] CHUNK = ascii("{\"type\":\"stream_chunk\"");
    static final byte[] START = ascii("{\"type\":\"stream_start\"");
    static final byte[] END = ascii("{\"type\":\"stream_end\"");
    static final byte[] MESSAGE = ascii("{\"type\":\"message\"");
    static final byte[] ACK = ascii("{\"type\":\"ack\"");
    static final byte[] ERROR = ascii("{\"type\":\"error\"");
    static final byte[] CONNECTED = ascii("{\"type\":\"connected\"");
    static final byte[] RESUMED = ascii("{\"type\":\"resumed\"");

    private Bytes() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static boolean starts(byte[] bytes, int from, int length, byte[] prefix) {
        if (length < prefix.length) {
            return false;
        }
        // The type's first letter and its last differ between types, so most comparisons end soon.
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (bytes[from + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    static int find(byte[] bytes, int from, int to, byte[] wanted) {
        for (int i = from; i <= to - wanted.length; i++) {
            if (bytes[i] == wanted[0] && starts(bytes, i, to - i, wanted)) {
                return i;
            }
        }
        return -1;
    }

    /** The number behind {@code name} and a colon, -1 where there is none. */
    static long number(byte[] bytes, int from, int length, byte[] name) {
        int at = find(bytes, from, from + length, name);
        if (at < 0) {
            return -1;
        }
        long value = 0;
        for (int i = at + name.length; i < from + length && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }

    /** The text behind {@code name} up to the next quote, empty where there is none. */
    static String text(byte[] bytes, int from, int length, byte[] name) {
        int at = find(bytes, from, from + length, name);
        if (at < 0) {
            return "";
        }
        int begin = at + name.length;
        int end = begin;
        while (end < from + length && bytes[end] != '"') {
            end++;
        }
        return new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
    }
}
