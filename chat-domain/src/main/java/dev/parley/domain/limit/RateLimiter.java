package dev.parley.domain.limit;

import dev.parley.domain.Port;
import java.util.List;

/**
 * Counts permits in an exact sliding window: in no span of the quota's length are more given than it allows, whatever number of
 * nodes ask. Keys do not disturb each other. Safe for use by many threads; may block.
 */
@Port
public interface RateLimiter {

    /**
     * What somebody wants of one quota.
     *
     * @param permits 1 to the quota's; more is the caller's mistake
     */
    record Demand(LimitKey key, Quota quota, int permits) {
        public Demand {
            if (permits < 1 || permits > quota.permits()) {
                throw new IllegalArgumentException("Expected 1 to " + quota.permits() + " permits, found " + permits);
            }
        }
    }

    /**
     * Takes what all demands want in one step, or nothing of any of them.
     *
     * @param demands at least one, each of another key
     * @return what is left where the least is left, or how long to wait for the last of them
     */
    Decision tryAcquire(List<Demand> demands);

    /**
     * Takes {@code permits} at once or none.
     *
     * @param permits 1 to the quota's; more is the caller's mistake and throws {@link IllegalArgumentException}
     */
    default Decision tryAcquire(LimitKey key, Quota quota, int permits) {
        return tryAcquire(List.of(new Demand(key, quota, permits)));
    }

    /** How much is taken; takes nothing. */
    Usage usage(LimitKey key, Quota quota);
}
