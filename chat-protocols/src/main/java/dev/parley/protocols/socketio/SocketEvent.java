package dev.parley.protocols.socketio;

import dev.parley.protocols.Step;
import dev.parley.protocols.json.JsonWriter;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** An event that a client sent. Used by one thread at a time. */
public final class SocketEvent {

    private final NamespaceSocket socket;
    private final String name;
    private final Payload arguments;
    private OptionalLong id;

    SocketEvent(NamespaceSocket socket, SocketPacket.Event packet) {
        this.socket = socket;
        this.name = packet.name();
        this.arguments = packet.arguments();
        this.id = packet.id();
    }

    public String name() {
        return name;
    }

    public Payload arguments() {
        return arguments;
    }

    /** Whether the client waits for an answer that it did not get yet. */
    public boolean acknowledged() {
        return id.isPresent();
    }

    /** Answers the event; the first time only, and nothing where no answer is waited for. */
    public List<Step> answer(Payload answer) {
        if (id.isEmpty()) {
            return List.of();
        }
        long waiting = id.getAsLong();
        id = OptionalLong.empty();
        return socket.answer(waiting, answer);
    }

    /** As {@link #answer(Payload)}, for answers without bytes that are written at once. */
    public List<Step> answer(Consumer<JsonWriter> arguments) {
        if (id.isEmpty()) {
            return List.of();
        }
        long waiting = id.getAsLong();
        id = OptionalLong.empty();
        return socket.answer(waiting, arguments);
    }

    /** Says nothing of what is in it. */
    @Override
    public String toString() {
        return "SocketEvent[" + name + "]";
    }
}
