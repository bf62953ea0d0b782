package dev.parley.domain.limit;

import java.time.Duration;

/**
 * How much is allowed in any span of a given length.
 *
 * @param permits from 1
 * @param window longer than zero
 */
public record Quota(int permits, Duration window) {

    public Quota {
        if (permits < 1) {
            throw new IllegalArgumentException("Expected at least 1 permit, found " + permits);
        }
        if (window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("Expected a window longer than zero, found " + window);
        }
    }
}
