package dev.parley.adapter.embedded.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;

/** Time that never goes back: when the clock is set back, it goes on from where it was. */
final class ForwardClock {

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private long reading;
    private long passed;

    ForwardClock(InstantSource clock) {
        this.clock = clock;
        this.reading = nanosOf(clock.instant());
    }

    /** Nanoseconds since this clock was made. */
    long nanos() {
        lock.lock();
        try {
            long now = nanosOf(clock.instant());
            passed += Math.max(0, now - reading);
            reading = now;
            return passed;
        } finally {
            lock.unlock();
        }
    }

    /** As nanoseconds, or as many as can be counted from any reading on without an overflow. */
    static long nanosOf(Duration span) {
        long most = Long.MAX_VALUE / 4;
        return span.compareTo(Duration.ofNanos(most)) >= 0 ? most : span.toNanos();
    }

    private static long nanosOf(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
