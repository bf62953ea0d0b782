package dev.parley.domain.limit;

import java.time.Duration;

/** What a limiter says. */
public sealed interface Decision {

    /**
     * Go ahead; the permits are taken.
     *
     * @param remaining how many are left now
     * @param resetAfter until all are free again if none is taken
     */
    record Allowed(int remaining, Duration resetAfter) implements Decision {}

    /**
     * Not now; nothing was taken.
     *
     * @param retryAfter the same request succeeds after so long, if nobody else takes what becomes free
     */
    record Denied(Duration retryAfter) implements Decision {}
}
