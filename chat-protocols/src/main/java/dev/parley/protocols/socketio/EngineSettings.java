package dev.parley.protocols.socketio;

import java.time.Duration;

/**
 * How Engine.IO is spoken at one address.
 *
 * @param path such as {@code /socket.io}; a slash at its end does not matter
 * @param pingInterval how long after an answer the client is pinged again
 * @param pingTimeout how long the client may take to answer
 * @param upgradeTimeout how long the change from polls to a WebSocket may take
 * @param closeGrace how long what is still to be said waits for a poll
 * @param maxPayload the longest body and the longest WebSocket message taken from a client, in bytes
 * @param maxPackets the most packets in one body
 */
public record EngineSettings(
        String path,
        Duration pingInterval,
        Duration pingTimeout,
        Duration upgradeTimeout,
        Duration closeGrace,
        int maxPayload,
        int maxPackets) {

    /** As the reference server has it. */
    public static final EngineSettings STANDARD = new EngineSettings(
            "/socket.io",
            Duration.ofSeconds(25),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            1_000_000,
            10_000);

    public EngineSettings {
        if (!path.startsWith("/") || path.length() < 2) {
            throw new IllegalArgumentException("Expected a path below /, found " + path);
        }
        path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        if (!positive(pingInterval) || !positive(pingTimeout) || !positive(upgradeTimeout) || !positive(closeGrace)) {
            throw new IllegalArgumentException("Expected times longer than zero");
        }
        if (maxPayload < 1 || maxPackets < 1) {
            throw new IllegalArgumentException(
                    "Expected bounds of at least 1, found " + maxPayload + " and " + maxPackets);
        }
    }

    public EngineSettings at(String newPath) {
        return new EngineSettings(
                newPath, pingInterval, pingTimeout, upgradeTimeout, closeGrace, maxPayload, maxPackets);
    }

    public EngineSettings withPings(Duration interval, Duration timeout) {
        return new EngineSettings(path, interval, timeout, upgradeTimeout, closeGrace, maxPayload, maxPackets);
    }

    public EngineSettings withMaxPayload(int bytes) {
        return new EngineSettings(path, pingInterval, pingTimeout, upgradeTimeout, closeGrace, bytes, maxPackets);
    }

    private static boolean positive(Duration time) {
        return !time.isNegative() && !time.isZero();
    }
}
