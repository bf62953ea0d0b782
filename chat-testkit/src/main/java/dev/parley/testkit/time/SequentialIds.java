package dev.parley.testkit.time;

import dev.parley.domain.IdSource;
import java.util.concurrent.atomic.AtomicLong;

/** Makes ids that a test can foresee: {@code id-0000000000001}, {@code id-0000000000002}, … */
public final class SequentialIds implements IdSource {
    private static final int DIGITS = 13;

    private final String prefix;
    private final AtomicLong last = new AtomicLong();

    public SequentialIds() {
        this("id-");
    }

    /** @param prefix what every id begins with: 3 to 40 characters of {@code [A-Za-z0-9_-]} */
    public SequentialIds(String prefix) {
        if (!prefix.matches("[A-Za-z0-9_-]{3,40}")) {
            throw new IllegalArgumentException("Expected a prefix of 3 to 40 characters of A-Z a-z 0-9 _ -");
        }
        this.prefix = prefix;
    }

    @Override
    public String next() {
        return id(last.incrementAndGet());
    }

    /** The id that is, was or will be made as number {@code ordinal}, from 1. */
    public String id(long ordinal) {
        String digits = Long.toString(ordinal);
        return prefix + "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }
}
