package dev.parley.adapter.micrometer;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The values of one label: few and short, whatever comes. */
final class Labels {

    static final String OTHER = "other";
    private static final int MOST_VALUES = 50;
    private static final int LONGEST = 80;

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /** {@code value}, or what stands for it when it is no good or one too many. */
    String of(String value) {
        if (known.contains(value)) {
            return value;
        }
        if (value.isBlank() || value.length() > LONGEST || value.chars().anyMatch(Character::isISOControl)) {
            return OTHER;
        }
        // A few more may slip in at the same moment; that is no harm.
        if (known.size() >= MOST_VALUES) {
            return OTHER;
        }
        known.add(value);
        return value;
    }
}
