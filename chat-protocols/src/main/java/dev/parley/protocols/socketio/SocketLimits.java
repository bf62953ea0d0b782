package dev.parley.protocols.socketio;

import dev.parley.protocols.json.JsonLimits;

/**
 * How much one client of Socket.IO may have.
 *
 * @param json of one packet
 * @param binaries so many pieces of bytes may belong to one packet
 * @param binaryBytes so many bytes together
 * @param namespaces so many a client may be in at once
 * @param refusals so many times a client may be refused before its connection is closed
 * @param acks so many answers of the client may be awaited; then the oldest is given up
 */
public record SocketLimits(JsonLimits json, int binaries, int binaryBytes, int namespaces, int refusals, int acks) {

    public static final SocketLimits STANDARD = new SocketLimits(JsonLimits.STANDARD, 64, 4 << 20, 16, 10, 1000);

    public SocketLimits {
        if (binaries < 0 || binaryBytes < 0 || namespaces < 1 || refusals < 1 || acks < 1) {
            throw new IllegalArgumentException(
                    "Expected bounds that are not negative, and at least 1 where nothing goes without");
        }
    }
}
