package dev.parley.domain.limit;

import dev.parley.domain.Port;

/**
 * Counts permits in an exact sliding window: in no span of the quota's length are more given than it allows, whatever number of
 * nodes ask. Keys do not disturb each other. Safe for use by many threads; may block.
 */
@Port
public interface RateLimiter {

    /**
     * Takes {@code permits} at once or none.
     *
     * @param permits 1 to the quota's; more is the caller's mistake and throws {@link IllegalArgumentException}
     */
    Decision tryAcquire(LimitKey key, Quota quota, int permits);

    /** How much is taken; takes nothing. */
    Usage usage(LimitKey key, Quota quota);
}
