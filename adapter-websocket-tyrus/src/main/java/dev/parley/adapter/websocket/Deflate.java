package dev.parley.adapter.websocket;

import dev.parley.protocols.Frame;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Compresses and inflates messages, each for itself, with a few shared compressors: a connection holds none. Safe for use by many
 * threads.
 */
final class Deflate implements AutoCloseable {

    /** Shorter frames are sent as they are. */
    static final int MIN_BYTES = 1024;

    private static final int POOLED = 16;
    private static final int REMEMBERED = 32;
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private final ConcurrentLinkedQueue<Deflater> deflaters = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Inflater> inflaters = new ConcurrentLinkedQueue<>();

    /** A frame for a room is compressed once. */
    private final AtomicReferenceArray<Compressed> latest = new AtomicReferenceArray<>(REMEMBERED);

    private record Compressed(byte[] plain, byte[] payload) {}

    /** A message was longer inflated than allowed. */
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** The payload of {@code frame} as one compressed message. */
    @SuppressWarnings("ReferenceEquality")
    byte[] compressed(Frame frame) {
        byte[] plain = frame.utf8();
        int slot = (System.identityHashCode(plain) >>> 3) % REMEMBERED;
        Compressed found = latest.get(slot);
        if (found != null && found.plain() == plain) {
            return found.payload();
        }
        byte[] payload = compress(plain);
        latest.set(slot, new Compressed(plain, payload));
        return payload;
    }

    private byte[] compress(byte[] plain) {
        Deflater pooled = deflaters.poll();
        Deflater deflater = pooled == null ? new Deflater(1, true) : pooled;
        deflater.setInput(plain);
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2);
        byte[] buffer = new byte[8192];
        int length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
        while (length > 0) {
            out.write(buffer, 0, length);
            length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
        }
        if (deflaters.size() < POOLED) {
            deflater.reset();
            deflaters.add(deflater);
        } else {
            deflater.end();
        }
        byte[] whole = out.toByteArray();
        // A flush ends with an empty block that is not sent.
        return java.util.Arrays.copyOf(whole, whole.length - TAIL.length);
    }

    /** Begins to inflate one message. */
    Inflating inflating(int maxBytes) {
        Inflater pooled = inflaters.poll();
        return new Inflating(pooled == null ? new Inflater(true) : pooled, maxBytes);
    }

    /** One message that comes in pieces. Used by one thread. */
    final class Inflating {
        private final Inflater inflater;
        private int left;

        Inflating(Inflater inflater, int maxBytes) {
            this.inflater = inflater;
            this.left = maxBytes;
        }

        byte[] piece(byte[] payload, boolean last) throws DataFormatException, TooLargeException {
            ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length * 2);
            inflate(payload, out);
            if (last) {
                inflate(TAIL, out);
            }
            return out.toByteArray();
        }

        private void inflate(byte[] input, ByteArrayOutputStream out) throws DataFormatException, TooLargeException {
            inflater.setInput(input);
            byte[] buffer = new byte[8192];
            int length = inflater.inflate(buffer);
            while (length > 0) {
                left -= length;
                if (left < 0) {
                    throw new TooLargeException();
                }
                out.write(buffer, 0, length);
                length = inflater.inflate(buffer);
            }
        }

        void end() {
            if (inflaters.size() < POOLED) {
                inflater.reset();
                inflaters.add(inflater);
            } else {
                inflater.end();
            }
        }
    }

    /** How many inflaters wait for the next message. */
    int idleInflaters() {
        return inflaters.size();
    }

    @Override
    public void close() {
        for (Deflater next = deflaters.poll(); next != null; next = deflaters.poll()) {
            next.end();
        }
        for (Inflater next = inflaters.poll(); next != null; next = inflaters.poll()) {
            next.end();
        }
    }
}
