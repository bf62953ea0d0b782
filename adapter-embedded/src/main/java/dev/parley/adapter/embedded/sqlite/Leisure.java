package dev.parley.adapter.embedded.sqlite;

import java.util.ArrayDeque;
import java.util.List;

/**
 * Work that has time. It gathers until nobody else has written for a moment, or until it has waited long: then it is done together
 * when nobody waits just then, and after even longer whoever waits.
 *
 * <p>Used by one thread. Moments are nanoseconds on a clock that only goes forward.
 */
final class Leisure<T> {
    static final long NEVER = Long.MAX_VALUE;

    private static final long MILLI = 1_000_000;

    /** So long nobody else writes before it is done early. */
    static final long QUIET = 20 * MILLI;

    static final long LONG = 100 * MILLI;

    static final long TOO_LONG = 400 * MILLI;

    /** No more than so many together while it may wait: they are not to hold up who comes meanwhile. */
    static final int SOME = 16;

    private final ArrayDeque<Waiting<T>> waiting = new ArrayDeque<>();
    private boolean others;
    private long othersUntil;

    private record Waiting<T>(T work, long since) {}

    void add(T work, long now) {
        waiting.add(new Waiting<>(work, now));
    }

    /** Something else was done until now. */
    void others(long now) {
        others = true;
        othersUntil = now;
    }

    /** How long until some of it is to be done if nothing else comes; {@link #NEVER} when nothing waits. */
    long due(long now) {
        Waiting<T> oldest = waiting.peek();
        if (oldest == null) {
            return NEVER;
        }
        long patience = LONG - (now - oldest.since());
        long quiet = others ? QUIET - (now - othersUntil) : 0;
        return Math.max(0, Math.min(patience, quiet));
    }

    /** Adds to {@code batch}, which may have other work in it, what is to be done now. */
    void take(List<? super T> batch, long now) {
        int some = batch.isEmpty() && due(now) == 0 ? SOME : 0;
        for (Waiting<T> next = waiting.peek(); next != null && (some > 0 || now - next.since() >= TOO_LONG); next =
                waiting.peek()) {
            batch.add(waiting.remove().work());
            some--;
        }
    }

    void takeAll(List<? super T> batch) {
        waiting.forEach(all -> batch.add(all.work()));
        waiting.clear();
    }
}
