package dev.parley.adapter.ollama;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * One request and its answer over HTTP/1.1. Closing it gives its connection back when the answer was read to its end, and ends the
 * connection otherwise, which is how the server learns that nobody listens any more. Used by one thread.
 *
 * <p>Deadlines are on the clock of {@link Wires}.
 */
final class Exchange implements AutoCloseable {

    /** Where in the answer's body this is. */
    private enum Part {
        /** Before the size of a chunk. */
        SIZE,
        /** In a chunk. */
        CHUNK,
        /** Before the end of a chunk's last line. */
        CHUNK_END,
        /** Behind the last chunk. */
        TRAILER,
        /** In a body that has a length or ends with the connection. */
        WHOLE,
        OVER
    }

    private static final int BUFFER = 8192;
    private static final int LONGEST_CHUNK_SIZE = 15;

    private final Wires wires;
    private final Wire wire;
    private final WireInput input;
    private final AnswerHead head;
    private Part part;

    /** What is left of the body or of the chunk. */
    private long left;

    private Exchange(Wires wires, Wire wire, WireInput input, AnswerHead head) {
        this.wires = wires;
        this.wire = wire;
        this.input = input;
        this.head = head;
        this.left = head.length();
        this.part = head.chunked() ? Part.SIZE : left == 0 ? Part.OVER : Part.WHOLE;
    }

    /**
     * Asks, and waits for the head of the answer.
     *
     * @param body what is posted; empty for a request that only gets
     */
    static Exchange ask(Wires wires, URI address, Optional<byte[]> body, long deadline)
            throws IOException, InterruptedException, LateException {
        Wire wire = wires.take();
        boolean open = false;
        try {
            wire.write(request(address, body), deadline);
            WireInput input = new WireInput(wire);
            Exchange exchange = new Exchange(wires, wire, input, AnswerHead.read(input, deadline));
            open = true;
            return exchange;
        } finally {
            if (!open) {
                wire.close();
            }
        }
    }

    private static ByteBuffer request(URI address, Optional<byte[]> body) {
        byte[] content = body.orElse(new byte[0]);
        StringBuilder head = new StringBuilder(256)
                .append(body.isPresent() ? "POST " : "GET ")
                .append(address.getRawPath())
                .append(" HTTP/1.1\r\nHost: ")
                .append(address.getRawAuthority())
                .append("\r\nUser-Agent: Parley\r\nAccept: application/x-ndjson, application/json\r\n");
        if (body.isPresent()) {
            head.append("Content-Type: application/json\r\nContent-Length: ").append(content.length).append("\r\n");
        }
        byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(first.length + content.length).put(first).put(content).flip();
    }

    int status() {
        return head.status();
    }

    /** Whether what comes may gather; it is there at once until this is said. */
    void gathers(boolean now) {
        wire.gathers(now);
    }

    /** The moment {@code time} from now. */
    long in(Duration time) {
        return wires.in(time);
    }

    /**
     * The body's bytes as they come: how many, or {@link Wire#END}.
     *
     * @param room at least 1
     */
    int read(byte[] into, int at, int room, long deadline) throws IOException, InterruptedException, LateException {
        while (true) {
            switch (part) {
                case SIZE -> {
                    left = size(input.line(deadline));
                    part = left == 0 ? Part.TRAILER : Part.CHUNK;
                }
                case CHUNK, WHOLE -> {
                    int most = left == AnswerHead.UNKNOWN ? room : (int) Math.min(room, left);
                    return took(input.read(into, at, most, deadline));
                }
                case CHUNK_END -> {
                    if (!input.line(deadline).isEmpty()) {
                        throw new IOException("Expected the end of a chunk, found more");
                    }
                    part = Part.SIZE;
                }
                case TRAILER -> {
                    if (input.line(deadline).isEmpty()) {
                        part = Part.OVER;
                    }
                }
                case OVER -> {
                    return Wire.END;
                }
            }
        }
    }

    private int took(int count) throws IOException {
        if (count == Wire.END && left != AnswerHead.UNKNOWN) {
            throw new IOException("Expected the rest of an answer, found the end of the connection");
        }
        if (count == Wire.END) {
            part = Part.OVER;
        } else if (left != AnswerHead.UNKNOWN) {
            left -= count;
            if (left == 0) {
                part = part == Part.CHUNK ? Part.CHUNK_END : Part.OVER;
            }
        }
        return count;
    }

    private static long size(String line) throws IOException {
        int end = line.indexOf(';');
        String digits = (end < 0 ? line : line.substring(0, end)).strip();
        boolean number = !digits.isEmpty()
                && digits.length() <= LONGEST_CHUNK_SIZE
                && digits.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80);
        if (!number) {
            throw new IOException("Expected the size of a chunk, found something else");
        }
        return Long.parseLong(digits, 16);
    }

    /** Everything up to the end, which may be {@code most} bytes away. */
    byte[] all(int most, long deadline) throws IOException, InterruptedException, LateException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] some = new byte[BUFFER];
        for (int count = read(some, 0, BUFFER, deadline); count != Wire.END; count = read(some, 0, BUFFER, deadline)) {
            all.write(some, 0, count);
            if (all.size() > most) {
                throw new IOException("Expected an answer of at most " + most + " bytes, found a longer one");
            }
        }
        return all.toByteArray();
    }

    @Override
    public void close() {
        if (part == Part.OVER && head.lasts() && input.empty()) {
            wire.gathers(false);
            wires.giveBack(wire);
        } else {
            wire.close();
        }
    }
}
