package dev.parley.protocols.socketio;

import dev.parley.protocols.json.JsonObject;
import java.util.OptionalLong;

/** What a client of Socket.IO says. */
sealed interface SocketPacket {

    String namespace();

    /** Asks to be let into a namespace. */
    record Connect(String namespace, JsonObject auth) implements SocketPacket {

        /** Says nothing of tokens. */
        @Override
        public String toString() {
            return "Connect[" + namespace + "]";
        }
    }

    record Disconnect(String namespace) implements SocketPacket {}

    /** @param id where an acknowledgement is wanted */
    record Event(String namespace, OptionalLong id, String name, Payload arguments) implements SocketPacket {}

    record Ack(String namespace, long id, Payload arguments) implements SocketPacket {}
}
