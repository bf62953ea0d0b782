package dev.parley.adapter.ollama;

import java.io.IOException;
import java.util.Locale;

/**
 * What an answer says of itself before it begins.
 *
 * @param length of the body; {@link #UNKNOWN} when it ends with the connection or comes in chunks
 * @param chunked whether the body says where it ends
 * @param lasts whether the connection may be used again afterwards
 */
record AnswerHead(int status, long length, boolean chunked, boolean lasts) {

    static final long UNKNOWN = -1;

    private static final int MOST_LINES = 200;

    /** Reads the head of the answer; what is only interim is passed over. */
    static AnswerHead read(WireInput input, long deadline) throws IOException, InterruptedException, LateException {
        AnswerHead head = one(input, deadline);
        while (head.status / 100 == 1) {
            head = one(input, deadline);
        }
        return head;
    }

    private static AnswerHead one(WireInput input, long deadline)
            throws IOException, InterruptedException, LateException {
        String first = input.line(deadline);
        int status = status(first);
        long length = UNKNOWN;
        boolean chunked = false;
        boolean lasts = first.startsWith("HTTP/1.1");
        String line = input.line(deadline);
        for (int lines = 0; !line.isEmpty(); lines++) {
            int colon = line.indexOf(':');
            if (colon < 1 || lines == MOST_LINES) {
                throw new IOException("Expected the head of an answer, found something else");
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = length(value, length);
                case "transfer-encoding" -> chunked = chunked(value);
                case "connection" -> lasts = lasts(value, lasts);
                default -> {}
            }
            line = input.line(deadline);
        }
        if (status == 204 || status == 304) {
            return new AnswerHead(status, 0, false, lasts);
        }
        // Who says both may be understood in two ways: nothing more is read from it.
        return chunked
                ? new AnswerHead(status, UNKNOWN, true, lasts && length == UNKNOWN)
                : new AnswerHead(status, length, false, lasts && length != UNKNOWN);
    }

    private static int status(String line) throws IOException {
        boolean fits = (line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 "))
                && line.length() >= 12
                && line.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9')
                && (line.length() == 12 || line.charAt(12) == ' ');
        if (!fits) {
            throw new IOException("Expected an answer in HTTP/1.1, found something else");
        }
        return Integer.parseInt(line, 9, 12, 10);
    }

    private static long length(String value, long before) throws IOException {
        boolean number = !value.isEmpty() && value.length() <= 18 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        long length = number ? Long.parseLong(value) : UNKNOWN;
        if (!number || before != UNKNOWN && before != length) {
            throw new IOException("Expected one length of an answer, found something else");
        }
        return length;
    }

    private static boolean chunked(String value) throws IOException {
        if (!value.equalsIgnoreCase("chunked")) {
            throw new IOException("Expected an answer as it is or in chunks, found another encoding");
        }
        return true;
    }

    private static boolean lasts(String value, boolean before) {
        String options = value.toLowerCase(Locale.ROOT);
        return options.contains("keep-alive") || before && !options.contains("close");
    }
}
