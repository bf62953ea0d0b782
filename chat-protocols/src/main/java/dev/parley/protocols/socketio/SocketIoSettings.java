package dev.parley.protocols.socketio;

import java.time.Duration;
import java.util.Optional;

/**
 * How Socket.IO is spoken.
 *
 * @param connectTimeout how long a client may take until it is in its first namespace
 * @param recovery what is kept of clients that were cut off; empty when nothing is
 */
public record SocketIoSettings(Duration connectTimeout, Optional<Recovery> recovery, SocketLimits limits) {

    /** As the reference server has it. */
    public static final SocketIoSettings STANDARD =
            new SocketIoSettings(Duration.ofSeconds(45), Optional.empty(), SocketLimits.STANDARD);

    /**
     * What is kept so that a client which was cut off can go on.
     *
     * @param within how long after it was cut off
     * @param packets so many of what it was told last
     * @param bytes so many bytes of them
     * @param clients so many clients that are away
     * @param totalBytes so many bytes of all clients together, whether they are here or away
     */
    public record Recovery(Duration within, int packets, int bytes, int clients, long totalBytes) {

        public static final Recovery STANDARD = new Recovery(Duration.ofMinutes(2), 100, 256 << 10, 10_000, 64L << 20);

        public Recovery {
            if (within.isNegative() || within.isZero() || packets < 1 || bytes < 1 || clients < 1 || totalBytes < 1) {
                throw new IllegalArgumentException("Expected a time longer than zero and bounds of at least 1");
            }
        }
    }

    public SocketIoSettings {
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw new IllegalArgumentException("Expected a connect timeout longer than zero, found " + connectTimeout);
        }
    }

    public SocketIoSettings withConnectTimeout(Duration timeout) {
        return new SocketIoSettings(timeout, recovery, limits);
    }

    public SocketIoSettings withRecovery(Recovery kept) {
        return new SocketIoSettings(connectTimeout, Optional.of(kept), limits);
    }

    public SocketIoSettings withLimits(SocketLimits newLimits) {
        return new SocketIoSettings(connectTimeout, recovery, newLimits);
    }
}
