package dev.parley.protocols.connection;

import java.time.Duration;

/**
 * What every connection is held to, whatever carries it.
 *
 * @param outboundBytes so much may wait for a client that reads slowly
 * @param outboundFrames so many frames may wait for it
 * @param inboundBytes the client is not read further while so much of its own waits; four times as much ends the connection
 * @param heldEvents so many events may wait while one of the client's frames is being handled
 * @param heartbeat how often a sign of life is given and asked for; whoever does not answer until the next is gone
 * @param silence a connection on which nothing went either way for so long is closed; zero for never
 * @param denials so many refusals by rate limits within {@code denialWindow} end the connection
 */
public record ConnectionSettings(
        int outboundBytes,
        int outboundFrames,
        int inboundBytes,
        int heldEvents,
        Duration heartbeat,
        Duration silence,
        int denials,
        Duration denialWindow) {

    public static final ConnectionSettings STANDARD = new ConnectionSettings(
            1 << 20,
            16_384,
            4 << 20,
            16_384,
            Duration.ofSeconds(30),
            Duration.ofSeconds(300),
            30,
            Duration.ofSeconds(10));

    public ConnectionSettings {
        if (outboundBytes < 1 || outboundFrames < 1 || inboundBytes < 1 || heldEvents < 1 || denials < 1) {
            throw new IllegalArgumentException("Expected bounds of at least 1");
        }
        if (heartbeat.isNegative() || heartbeat.isZero() || silence.isNegative()) {
            throw new IllegalArgumentException(
                    "Expected a heartbeat longer than zero and a silence that is not negative, found " + heartbeat
                            + " and " + silence);
        }
    }

    public ConnectionSettings withOutbound(int bytes) {
        return new ConnectionSettings(
                bytes, outboundFrames, inboundBytes, heldEvents, heartbeat, silence, denials, denialWindow);
    }

    /** @param silence zero for never */
    public ConnectionSettings withTimes(Duration heartbeat, Duration silence) {
        return new ConnectionSettings(
                outboundBytes, outboundFrames, inboundBytes, heldEvents, heartbeat, silence, denials, denialWindow);
    }
}
