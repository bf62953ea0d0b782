package dev.parley.protocols.socketio;

import dev.parley.protocols.Frame;
import dev.parley.protocols.json.JsonLimits;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what one client of Socket.IO says out of Engine.IO's message packets, and puts bytes that come behind a packet into it.
 * Never throws. Used by one thread at a time.
 */
final class SocketDecoder {

    /** What a message turned out to be. */
    sealed interface Decoded {

        record Whole(SocketPacket packet) implements Decoded {}

        /** Bytes that belong to it are still to come. */
        record Partial() implements Decoded {}

        /** Nothing that may be said. */
        record Broken(String detail) implements Decoded {}
    }

    private static final int MAX_NAMESPACE = 256;
    private static final int MAX_ID_DIGITS = 15;
    private static final int MAX_COUNT_DIGITS = 4;
    private static final Decoded.Partial PARTIAL = new Decoded.Partial();
    private static final JsonValue NONE = JsonValue.Nothing.NOTHING;

    /** What clients and servers say to themselves. */
    private static final Set<String> RESERVED =
            Set.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

    private final SocketLimits limits;
    private final JsonReader reader;
    private @Nullable Head waiting;
    private final List<byte[]> binaries = new ArrayList<>(0);
    private long binaryBytes;

    /** A packet up to its JSON. {@code count} how many pieces of bytes belong to it */
    private record Head(char type, int count, String namespace, OptionalLong id, JsonValue json) {}

    /** {@code reader} reads within the limits' {@link JsonLimits} */
    SocketDecoder(SocketLimits limits, JsonReader reader) {
        this.limits = limits;
        this.reader = reader;
    }

    Decoded add(Frame message) {
        Head begun = waiting;
        if (message.binary()) {
            return begun == null ? new Decoded.Broken("Expected no bytes before their packet") : add(begun, message);
        }
        if (begun != null) {
            return new Decoded.Broken("Expected the packet's bytes, found a text");
        }
        Head head = new Reading(message.utf8()).head();
        if (head == null) {
            return new Decoded.Broken("Expected a packet of Socket.IO");
        }
        if (head.count() > limits.binaries()) {
            return new Decoded.Broken("Expected at most " + limits.binaries() + " pieces of bytes, found " + head.count());
        }
        if (head.count() > 0) {
            waiting = head;
            return PARTIAL;
        }
        return whole(head);
    }

    private Decoded add(Head head, Frame bytes) {
        binaryBytes += bytes.size();
        if (binaryBytes > limits.binaryBytes()) {
            return new Decoded.Broken("Expected at most " + limits.binaryBytes() + " bytes");
        }
        binaries.add(bytes.utf8());
        if (binaries.size() < head.count()) {
            return PARTIAL;
        }
        Decoded whole = whole(head);
        waiting = null;
        binaries.clear();
        binaryBytes = 0;
        return whole;
    }

    private Decoded whole(Head head) {
        Optional<SocketPacket> packet =
                switch (head.type()) {
                    case '0' -> connect(head);
                    case '1' -> head.json().equals(NONE)
                            ? Optional.of(new SocketPacket.Disconnect(head.namespace()))
                            : Optional.empty();
                    case '2', '5' -> event(head);
                    case '3', '6' -> ack(head);
                    default -> Optional.empty();
                };
        return packet.<Decoded>map(Decoded.Whole::new)
                .orElseGet(() -> new Decoded.Broken("Expected the payload that belongs to packets of type " + head.type()));
    }

    private static Optional<SocketPacket> connect(Head head) {
        if (head.json().equals(NONE)) {
            return Optional.of(new SocketPacket.Connect(head.namespace(), JsonObject.EMPTY));
        }
        return head.json() instanceof JsonObject auth
                ? Optional.of(new SocketPacket.Connect(head.namespace(), auth))
                : Optional.empty();
    }

    private Optional<SocketPacket> event(Head head) {
        if (!(head.json() instanceof JsonValue.Items items) || items.values().isEmpty()) {
            return Optional.empty();
        }
        List<JsonValue> values = items.values();
        String name =
                switch (values.getFirst()) {
                    case JsonValue.Text text -> text.value();
                    case JsonValue.Numeral number -> number.literal();
                    case JsonValue other -> "connect";
                };
        Optional<Payload> arguments = payload(head, values.subList(1, values.size()));
        return RESERVED.contains(name)
                ? Optional.empty()
                : arguments.map(given -> new SocketPacket.Event(head.namespace(), head.id(), name, given));
    }

    private Optional<SocketPacket> ack(Head head) {
        return head.json() instanceof JsonValue.Items items && head.id().isPresent()
                ? payload(head, items.values())
                        .map(given -> new SocketPacket.Ack(head.namespace(), head.id().getAsLong(), given))
                : Optional.empty();
    }

    private Optional<Payload> payload(Head head, List<JsonValue> values) {
        Payload payload = new Payload(values, binaries);
        boolean binary = head.type() == '5' || head.type() == '6';
        return !binary || payload.complete() ? Optional.of(payload) : Optional.empty();
    }

    /** Goes through one packet: {@code 4<type>[<count>-][<namespace>,][<id>][json]}. */
    private final class Reading {
        private final byte[] bytes;
        private int at = 1;

        Reading(byte[] bytes) {
            this.bytes = bytes;
        }

        @Nullable
        Head head() {
            if (bytes.length < 2 || bytes[0] != '4') {
                return null;
            }
            char type = (char) bytes[at++];
            long count = type == '5' || type == '6' ? count() : 0;
            String namespace = namespace();
            OptionalLong id = number(MAX_ID_DIGITS);
            if (type < '0' || type > '6' || count < 0 || namespace == null || at < 0) {
                return null;
            }
            if (at == bytes.length) {
                return new Head(type, (int) count, namespace, id, NONE);
            }
            // JSON's null is nothing that any packet may carry.
            return reader.value(bytes, at, bytes.length - at)
                    .filter(json -> !json.equals(NONE))
                    .map(json -> new Head(type, (int) count, namespace, id, json))
                    .orElse(null);
        }

        /** Negative when there is none. */
        private long count() {
            OptionalLong count = number(MAX_COUNT_DIGITS);
            return count.isPresent() && at >= 0 && at < bytes.length && bytes[at++] == '-' ? count.getAsLong() : -1;
        }

        private @Nullable String namespace() {
            if (at < 0 || at >= bytes.length || bytes[at] != '/') {
                return "/";
            }
            int start = at;
            while (at < bytes.length && bytes[at] != ',') {
                at++;
            }
            int length = at - start;
            at = Math.min(at + 1, bytes.length);
            return length > MAX_NAMESPACE ? null : new String(bytes, start, length, StandardCharsets.UTF_8);
        }

        /** Leaves {@code at} negative behind a number that is too long. */
        private OptionalLong number(int maxDigits) {
            long number = 0;
            int digits = 0;
            while (at >= 0 && at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
                if (digits++ == maxDigits) {
                    at = -1;
                    return OptionalLong.empty();
                }
                number = number * 10 + (bytes[at++] - '0');
            }
            return digits == 0 ? OptionalLong.empty() : OptionalLong.of(number);
        }
    }
}
