package dev.parley.adapter.websocket;

import java.time.Duration;

/**
 * Where the server listens and what it takes.
 *
 * @param host the address to bind
 * @param port 0 for any that is free
 * @param selectors threads that read from the network
 * @param maxFrame the longest message a client may send, in bytes, also after inflating
 * @param sendBuffer what the system may buffer for one socket, in bytes
 * @param compression whether large frames are compressed for clients that can
 * @param idleRequests how long an HTTP connection may be idle between requests
 * @param closeGrace how long a client may take to answer a close before it is cut off
 * @param stall how long a request or an answer may stand still on its way, without a byte taken, before its client is cut off
 * @param retryAfter what clients are told that find no place
 */
public record HostSettings(
        String host,
        int port,
        int selectors,
        int maxFrame,
        int sendBuffer,
        boolean compression,
        Duration idleRequests,
        Duration closeGrace,
        Duration stall,
        Duration retryAfter) {

    public static final HostSettings STANDARD = new HostSettings(
            "127.0.0.1",
            8080,
            Math.max(1, Runtime.getRuntime().availableProcessors()),
            2 << 20,
            128 << 10,
            true,
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5));

    public HostSettings {
        if (selectors < 1 || maxFrame < 125 || sendBuffer < 1024) {
            throw new IllegalArgumentException(
                    "Expected at least 1 selector, frames of 125 bytes and a send buffer of 1024 bytes, found " + selectors
                            + ", " + maxFrame + " and " + sendBuffer);
        }
    }

    public HostSettings at(String newHost, int newPort) {
        return new HostSettings(
                newHost,
                newPort,
                selectors,
                maxFrame,
                sendBuffer,
                compression,
                idleRequests,
                closeGrace,
                stall,
                retryAfter);
    }

    public HostSettings withMaxFrame(int bytes) {
        return new HostSettings(
                host, port, selectors, bytes, sendBuffer, compression, idleRequests, closeGrace, stall, retryAfter);
    }
}
