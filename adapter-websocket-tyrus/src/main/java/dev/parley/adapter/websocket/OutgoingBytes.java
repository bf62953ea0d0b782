package dev.parley.adapter.websocket;

import dev.parley.protocols.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts frames behind each other as they go over the network. */
final class OutgoingBytes {

    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;
    private static final int COMPRESSED = 0x40;

    private OutgoingBytes() {}

    static byte[] of(List<Frame> batch, Optional<Deflate> deflate) {
        return batch.size() == 1 && deflate.isEmpty() ? plain(batch.getFirst()) : together(batch, deflate);
    }

    /** As it mostly is. */
    private static byte[] plain(Frame frame) {
        byte[] payload = frame.utf8();
        ByteBuffer bytes = ByteBuffer.allocate(headerLength(payload.length) + payload.length);
        put(bytes, frame.binary() ? BINARY : TEXT, payload);
        return bytes.array();
    }

    private static byte[] together(List<Frame> batch, Optional<Deflate> deflate) {
        List<byte[]> payloads = new ArrayList<>(batch.size());
        List<Integer> firstBytes = new ArrayList<>(batch.size());
        int size = 0;
        for (Frame frame : batch) {
            boolean compress = deflate.isPresent() && frame.size() >= Deflate.MIN_BYTES;
            byte[] payload = compress ? deflate.get().compressed(frame) : frame.utf8();
            payloads.add(payload);
            firstBytes.add((frame.binary() ? BINARY : TEXT) | (compress ? COMPRESSED : 0));
            size += headerLength(payload.length) + payload.length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        for (int i = 0; i < payloads.size(); i++) {
            put(bytes, firstBytes.get(i), payloads.get(i));
        }
        return bytes.array();
    }

    private static int headerLength(int payload) {
        return payload < 126 ? 2 : payload <= 0xffff ? 4 : 10;
    }

    private static void put(ByteBuffer bytes, int first, byte[] payload) {
        bytes.put((byte) first);
        if (payload.length < 126) {
            bytes.put((byte) payload.length);
        } else if (payload.length <= 0xffff) {
            bytes.put((byte) 126).putShort((short) payload.length);
        } else {
            bytes.put((byte) 127).putLong(payload.length);
        }
        bytes.put(payload);
    }
}
