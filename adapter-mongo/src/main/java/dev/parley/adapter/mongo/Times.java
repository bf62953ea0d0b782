package dev.parley.adapter.mongo;

import java.time.Duration;
import java.time.Instant;

/** Instants and durations as nanoseconds; instants before 1677 or after 2262 become the nearest that fit. */
final class Times {
    private static final long SECOND = 1_000_000_000L;

    private Times() {}

    static long nanos(Instant at) {
        if (at.getEpochSecond() >= Long.MAX_VALUE / SECOND) {
            return Long.MAX_VALUE;
        }
        if (at.getEpochSecond() <= Long.MIN_VALUE / SECOND) {
            return Long.MIN_VALUE;
        }
        return at.getEpochSecond() * SECOND + at.getNano();
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND));
    }

    static long nanos(Duration duration) {
        return duration.toNanos();
    }
}
