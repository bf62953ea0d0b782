package dev.parley.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Takes an event stream apart as it arrives; only {@code data} matters, positions are kept by the client itself. */
final class EventParser {

    private static final int LARGEST_LINE = 32 * 1024 * 1024;

    private final Consumer<String> onData;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private boolean some;
    private boolean returned;

    EventParser(Consumer<String> onData) {
        this.onData = onData;
    }

    /** @throws IllegalArgumentException when a line does not end */
    void push(byte[] bytes) {
        int begin = 0;
        for (int at = 0; at < bytes.length; at++) {
            byte letter = bytes[at];
            if (letter == '\n' && returned) {
                // The second half of a line's end.
                begin = at + 1;
            } else if (letter == '\n' || letter == '\r') {
                line.write(bytes, begin, at - begin);
                take(line.toString(StandardCharsets.UTF_8));
                line.reset();
                begin = at + 1;
            }
            returned = letter == '\r';
        }
        line.write(bytes, begin, bytes.length - begin);
        if (line.size() > LARGEST_LINE) {
            throw new IllegalArgumentException("Expected a line of a bearable size");
        }
    }

    private void take(String whole) {
        if (whole.startsWith("data:")) {
            data.append(some ? "\n" : "").append(whole, whole.startsWith("data: ") ? 6 : 5, whole.length());
            some = true;
        } else if (whole.isEmpty() && some) {
            String event = data.toString();
            data.setLength(0);
            some = false;
            onData.accept(event);
        }
    }
}
