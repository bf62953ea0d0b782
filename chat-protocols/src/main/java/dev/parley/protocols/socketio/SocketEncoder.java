package dev.parley.protocols.socketio;

import dev.parley.protocols.Frame;
import dev.parley.protocols.json.JsonValue;
import dev.parley.protocols.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Writes what a server of Socket.IO says: the packet in a text, the bytes that belong to it behind. The frames of one packet must
 * go out behind each other.
 */
public final class SocketEncoder {

    private SocketEncoder() {}

    /**
     * An event that can be told to many: it is the same for all.
     *
     * @param offset where the client is once it has this, where it may go on there later
     * @param arguments writes the values, none or any number
     */
    public static Frame event(String namespace, String name, Optional<String> offset, Consumer<JsonWriter> arguments) {
        JsonWriter json = new JsonWriter().beginItems().value(name);
        arguments.accept(json);
        offset.ifPresent(json::value);
        return text("2", namespace, OptionalLong.empty(), Optional.of(json.endItems()));
    }

    /** What every event of {@link #event(String, String, Optional, Consumer)} begins with. */
    static byte[] prefix(String namespace) {
        return (namespace.equals("/") ? "42[" : "42" + namespace + ",[").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The same event for a client that is there once it has this.
     *
     * @param offset of characters that need no escape in JSON
     */
    public static Frame withOffset(Frame event, String offset) {
        byte[] before = event.utf8();
        byte[] behind = (",\"" + offset + "\"]").getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(before, before.length - 1 + behind.length);
        System.arraycopy(behind, 0, whole, before.length - 1, behind.length);
        return new Frame(whole, event.mark());
    }

    static List<Frame> event(
            String namespace, OptionalLong id, String name, Payload arguments, Optional<String> offset) {
        JsonWriter json = new JsonWriter().beginItems().value(name);
        arguments.values().forEach(json::value);
        offset.ifPresent(json::value);
        return frames('2', '5', namespace, id, arguments, json.endItems());
    }

    static List<Frame> ack(String namespace, long id, Payload arguments) {
        JsonWriter json = new JsonWriter().beginItems();
        arguments.values().forEach(json::value);
        return frames('3', '6', namespace, OptionalLong.of(id), arguments, json.endItems());
    }

    static Frame ack(String namespace, long id, Consumer<JsonWriter> arguments) {
        JsonWriter json = new JsonWriter().beginItems();
        arguments.accept(json);
        return text("3", namespace, OptionalLong.of(id), Optional.of(json.endItems()));
    }

    /** @param pid the client's secret for going on later, where it may */
    static Frame connected(String namespace, String sid, Optional<String> pid) {
        JsonWriter json = new JsonWriter().begin().field("sid", sid);
        pid.ifPresent(secret -> json.field("pid", secret));
        return text("0", namespace, OptionalLong.empty(), Optional.of(json.end()));
    }

    static Frame refused(String namespace, String message, Optional<JsonValue> data) {
        JsonWriter json = new JsonWriter().begin().field("message", message);
        data.ifPresent(more -> json.name("data").value(more));
        return text("4", namespace, OptionalLong.empty(), Optional.of(json.end()));
    }

    static Frame disconnected(String namespace) {
        return text("1", namespace, OptionalLong.empty(), Optional.empty());
    }

    private static List<Frame> frames(
            char plain, char binary, String namespace, OptionalLong id, Payload payload, JsonWriter json) {
        int count = payload.binaries().size();
        if (count == 0) {
            return List.of(text(Character.toString(plain), namespace, id, Optional.of(json)));
        }
        List<Frame> frames = new ArrayList<>(count + 1);
        frames.add(text(Character.toString(binary) + count + "-", namespace, id, Optional.of(json)));
        payload.binaries().forEach(bytes -> frames.add(Frame.binary(bytes)));
        return frames;
    }

    private static Frame text(String type, String namespace, OptionalLong id, Optional<JsonWriter> json) {
        StringBuilder head = new StringBuilder("4").append(type);
        if (!namespace.equals("/")) {
            head.append(namespace).append(',');
        }
        id.ifPresent(head::append);
        byte[] before = head.toString().getBytes(StandardCharsets.UTF_8);
        byte[] behind = json.map(JsonWriter::toUtf8).orElse(new byte[0]);
        byte[] utf8 = new byte[before.length + behind.length];
        System.arraycopy(before, 0, utf8, 0, before.length);
        System.arraycopy(behind, 0, utf8, before.length, behind.length);
        return Frame.of(utf8);
    }
}
