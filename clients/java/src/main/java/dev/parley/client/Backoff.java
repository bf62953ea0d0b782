package dev.parley.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Waiting times that double up to a bound, spread over their whole length so that many clients do not come back at once. */
final class Backoff {

    private static final int MOST_DOUBLINGS = 30;

    private final Duration base;
    private final Duration cap;
    private final RandomGenerator chance;
    private int failures;

    Backoff(Duration base, Duration cap, RandomGenerator chance) {
        this.base = base;
        this.cap = cap;
        this.chance = chance;
    }

    /** How often it has failed in a row. */
    int failures() {
        return failures;
    }

    Duration next() {
        double bound = Math.min((double) cap.toNanos(), base.toNanos() * Math.pow(2, Math.min(failures, MOST_DOUBLINGS)));
        failures++;
        return Duration.ofNanos((long) (chance.nextDouble() * bound));
    }

    void reset() {
        failures = 0;
    }
}
