package dev.parley.protocols.connection;

import java.time.Duration;

/** Counts refusals by rate limits in a sliding window. Used by one thread at a time. */
final class Denials {

    private static final long[] NONE_YET = {};

    private final int limit;
    private long[] at = NONE_YET;
    private final long window;
    private int next;
    private int seen;

    Denials(int limit, Duration window) {
        this.limit = limit;
        this.window = window.toMillis();
    }

    /** Counts one; true when as many as the limit lie within the window. */
    boolean tooMany(long now) {
        if (at.length < limit) {
            // Most connections are never denied anything.
            at = new long[limit];
        }
        at[next] = now;
        next = (next + 1) % at.length;
        seen = Math.min(seen + 1, at.length);
        return seen == at.length && now - at[next] <= window;
    }
}
