package dev.parley.protocols.connection;

import java.time.Duration;

/** Counts refusals by rate limits in a sliding window. Used by one thread at a time. */
final class Denials {

    private final long[] at;
    private final long window;
    private int next;
    private int seen;

    Denials(int limit, Duration window) {
        this.at = new long[limit];
        this.window = window.toMillis();
    }

    /** Counts one; true when as many as the limit lie within the window. */
    boolean tooMany(long now) {
        at[next] = now;
        next = (next + 1) % at.length;
        seen = Math.min(seen + 1, at.length);
        return seen == at.length && now - at[next] <= window;
    }
}
