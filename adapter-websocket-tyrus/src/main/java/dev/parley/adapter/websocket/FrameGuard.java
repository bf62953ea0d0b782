package dev.parley.adapter.websocket;

import dev.parley.protocols.Closing;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads the headers of a client's frames before anything is kept of them: a message that is too long is seen by its header, however
 * it is cut into frames. Used by one thread at a time.
 */
final class FrameGuard {

    private static final int MAX_FRAGMENTS = 16_384;

    private final int maxMessage;
    private final boolean compressed;
    private final byte[] header = new byte[14];
    private int have;
    private long payloadLeft;
    private long message;
    private int fragments;

    /** @param compressed whether frames may be marked as compressed */
    FrameGuard(int maxMessage, boolean compressed) {
        this.maxMessage = maxMessage;
        this.compressed = compressed;
    }

    /** Looks at bytes that came, without changing {@code data}; says why the connection must end, if it must. */
    Optional<Closing.Reason> inspect(ByteBuffer data) {
        int at = data.position();
        while (at < data.limit()) {
            if (payloadLeft > 0) {
                long skipped = Math.min(payloadLeft, data.limit() - at);
                payloadLeft -= skipped;
                at += (int) skipped;
            } else {
                header[have++] = data.get(at++);
                if (have >= 2 && have == headerLength()) {
                    Optional<Closing.Reason> fault = judge();
                    if (fault.isPresent()) {
                        return fault;
                    }
                    have = 0;
                }
            }
        }
        return Optional.empty();
    }

    private int headerLength() {
        int code = header[1] & 0x7f;
        int masked = (header[1] & 0x80) == 0 ? 0 : 4;
        return 2 + masked + (code == 126 ? 2 : code == 127 ? 8 : 0);
    }

    private Optional<Closing.Reason> judge() {
        boolean masked = (header[1] & 0x80) != 0;
        int reserved = header[0] & (compressed ? 0x30 : 0x70);
        if (!masked || reserved != 0) {
            return Optional.of(Closing.Reason.PROTOCOL);
        }
        long length = length();
        payloadLeft = length;
        int opcode = header[0] & 0x0f;
        if (opcode >= 8) {
            return length > 125 ? Optional.of(Closing.Reason.PROTOCOL) : Optional.empty();
        }
        if (opcode != 0) {
            message = 0;
            fragments = 0;
        }
        message += length;
        fragments++;
        return length < 0 || message > maxMessage || fragments > MAX_FRAGMENTS
                ? Optional.of(Closing.Reason.TOO_LARGE)
                : Optional.empty();
    }

    private long length() {
        int code = header[1] & 0x7f;
        if (code < 126) {
            return code;
        }
        ByteBuffer extended = ByteBuffer.wrap(header, 2, 8);
        return code == 126 ? extended.getShort() & 0xffff : extended.getLong();
    }
}
