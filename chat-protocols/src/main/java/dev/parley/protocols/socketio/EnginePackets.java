package dev.parley.protocols.socketio;

import dev.parley.protocols.Frame;
import dev.parley.protocols.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Engine.IO's packets. Each is a frame, as it stands on a WebSocket: a text that begins with the packet's type, or the bytes of a
 * binary message. A payload is what a poll carries: several packets in one text, binary ones in base64. Nothing here throws,
 * whatever came.
 */
public final class EnginePackets {

    /** What a packet is for. Its place is its digit on the wire. */
    public enum Type {
        OPEN,
        CLOSE,
        PING,
        PONG,
        MESSAGE,
        UPGRADE,
        NOOP
    }

    static final Frame CLOSE = Frame.text("1");
    static final Frame PING = Frame.text("2");
    static final Frame PROBED = Frame.text("3probe");
    static final Frame NOOP = Frame.text("6");

    private static final byte SEPARATOR = 0x1e;
    private static final byte BINARY = 'b';
    private static final byte[] PROBE = "2probe".getBytes(StandardCharsets.US_ASCII);
    private static final List<Type> TYPES = List.of(Type.values());

    private EnginePackets() {}

    /** What a packet is for; empty for what is no packet. */
    public static Optional<Type> type(Frame packet) {
        if (packet.binary()) {
            return Optional.of(Type.MESSAGE);
        }
        int digit = packet.size() == 0 ? -1 : packet.utf8()[0] - '0';
        return digit < 0 || digit >= TYPES.size() ? Optional.empty() : Optional.of(TYPES.get(digit));
    }

    static boolean probes(Frame packet) {
        return !packet.binary() && Arrays.equals(packet.utf8(), PROBE);
    }

    /** The first packet of a session. {@code upgrades} whether a WebSocket may follow */
    static Frame open(String sid, boolean upgrades, EngineSettings settings) {
        JsonWriter json = new JsonWriter().begin().field("sid", sid).name("upgrades").beginItems();
        if (upgrades) {
            json.value("websocket");
        }
        byte[] utf8 = json.endItems()
                .field("pingInterval", settings.pingInterval().toMillis())
                .field("pingTimeout", settings.pingTimeout().toMillis())
                .field("maxPayload", settings.maxPayload())
                .end()
                .toUtf8();
        byte[] packet = new byte[utf8.length + 1];
        packet[0] = '0';
        System.arraycopy(utf8, 0, packet, 1, utf8.length);
        return Frame.of(packet);
    }

    /** Packets as one poll brings them. */
    public static byte[] payload(List<Frame> packets) {
        int size = 0;
        for (Frame packet : packets) {
            size += packet.size() + 1;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        boolean first = true;
        for (Frame packet : packets) {
            if (!first) {
                out.write(SEPARATOR);
            }
            first = false;
            if (packet.binary()) {
                out.write(BINARY);
                out.writeBytes(Base64.getEncoder().encode(packet.utf8()));
            } else {
                out.writeBytes(packet.utf8());
            }
        }
        return out.toByteArray();
    }

    /**
     * The packets of a body that a client sent; empty unless all of it is well formed.
     *
     * @param most so many packets are taken
     */
    public static Optional<List<Frame>> packets(byte[] payload, int most) {
        if (!utf8(payload)) {
            return Optional.empty();
        }
        List<Frame> packets = new ArrayList<>();
        int start = 0;
        for (int at = 0; at <= payload.length; at++) {
            if (at == payload.length || payload[at] == SEPARATOR) {
                Optional<Frame> packet = packet(payload, start, at);
                if (packet.isEmpty() || packets.size() == most) {
                    return Optional.empty();
                }
                packets.add(packet.get());
                start = at + 1;
            }
        }
        return Optional.of(packets);
    }

    private static Optional<Frame> packet(byte[] payload, int from, int to) {
        if (from < to && payload[from] == BINARY) {
            try {
                return Optional.of(Frame.binary(Base64.getDecoder().decode(Arrays.copyOfRange(payload, from + 1, to))));
            } catch (IllegalArgumentException invalid) {
                return Optional.empty();
            }
        }
        Frame packet = Frame.of(Arrays.copyOfRange(payload, from, to));
        return type(packet).map(type -> packet);
    }

    private static boolean utf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException invalid) {
            return false;
        }
    }
}
