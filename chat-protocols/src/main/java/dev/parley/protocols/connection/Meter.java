package dev.parley.protocols.connection;

import java.time.InstantSource;

/**
 * Counts what goes through one transport, and remembers when something last did. Used under its connection's lock.
 */
final class Meter {

    private final InstantSource clock;
    private final Traffic traffic;
    private long sent;
    private long received;
    private long lastActivity;
    private long lastTaken;

    /** What went since the last time, in bytes. */
    record Sums(long sent, long received) {

        static final Sums NONE = new Sums(0, 0);
    }

    Meter(InstantSource clock, Traffic traffic) {
        this.clock = clock;
        this.traffic = traffic;
    }

    /** In milliseconds; 0 when nothing went yet. */
    long lastActivity() {
        return lastActivity;
    }

    /** When the transport last took something, in milliseconds; 0 when it never did. */
    long lastTaken() {
        return lastTaken;
    }

    void received(int bytes) {
        received += bytes;
        traffic.received(bytes);
        lastActivity = clock.millis();
    }

    void sent(int frames, int bytes) {
        sent += bytes;
        traffic.sent(frames, bytes);
        lastTaken = clock.millis();
        lastActivity = lastTaken;
    }

    /** What went since this was asked last. */
    Sums sums() {
        if (sent == 0 && received == 0) {
            return Sums.NONE;
        }
        Sums sums = new Sums(sent, received);
        sent = 0;
        received = 0;
        return sums;
    }
}
