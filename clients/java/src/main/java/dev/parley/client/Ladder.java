package dev.parley.client;

import java.util.List;

/** Which transport to try next: down one rung when one cannot work here, up again when the server was merely away. */
final class Ladder {

    private final List<Transport.Kind> rungs;
    private final int patience;
    private int at;
    private int failures;

    Ladder(List<Transport.Kind> rungs, int patience) {
        this.rungs = rungs;
        this.patience = patience;
    }

    Transport.Kind current() {
        return rungs.get(at);
    }

    /** Whether something better than the current transport exists. */
    boolean lowered() {
        return at > 0;
    }

    /** Whether there is nothing else to try. */
    boolean only() {
        return rungs.size() == 1;
    }

    void worked() {
        failures = 0;
    }

    /** The current one ended; {@code ready} tells whether it had been of use. */
    void failed(boolean ready, End end) {
        if (ready || only()) {
            return;
        }
        failures++;
        if (at > 0 && (end.unreachable() || end.error().isPresent())) {
            // The server itself is away or refuses: nothing is known about the better ones.
            at = 0;
            failures = patience - 1;
        } else if (at + 1 < rungs.size() && (at > 0 || failures >= patience)) {
            at++;
            failures = 0;
        }
    }

    /** Tries the best one once; what is answered undoes it. */
    Runnable climb() {
        int before = at;
        at = 0;
        return () -> {
            at = before;
            failures = 0;
        };
    }
}
