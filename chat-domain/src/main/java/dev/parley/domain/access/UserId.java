package dev.parley.domain.access;

/**
 * Names a person or a system; the {@code sub} of their token.
 *
 * @param value 1 to {@value #MAX_LENGTH} characters without control characters
 */
public record UserId(String value) implements Comparable<UserId> {

    public static final int MAX_LENGTH = 128;

    /** What the ids of anonymous users begin with, and those of nobody else. */
    public static final String ANONYMOUS = "anon-";

    public UserId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("Expected a user id of 1 to " + MAX_LENGTH
                    + " characters without control characters, found one of " + value.length());
        }
    }

    /** Whether {@code value} can name a user. */
    public static boolean isValid(String value) {
        return !value.isBlank()
                && value.length() <= MAX_LENGTH
                && value.chars().noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
    }

    /** Whether this is the id of somebody anonymous. */
    public boolean anonymous() {
        return value.startsWith(ANONYMOUS);
    }

    @Override
    public int compareTo(UserId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
