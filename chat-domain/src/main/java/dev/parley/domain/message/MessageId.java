package dev.parley.domain.message;

/**
 * Names a message, and the reply that becomes it.
 *
 * @param value 1 to {@value #MAX_LENGTH} characters of {@code [A-Za-z0-9._:-]}
 */
public record MessageId(String value) implements Comparable<MessageId> {

    public static final int MAX_LENGTH = 128;

    public MessageId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "Expected a message id of 1 to " + MAX_LENGTH + " characters of A-Z a-z 0-9 . _ : -");
        }
    }

    /** Whether {@code value} can name a message. */
    public static boolean isValid(String value) {
        return !value.isEmpty()
                && value.length() <= MAX_LENGTH
                && value.chars()
                        .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "._:-".indexOf(c) >= 0));
    }

    @Override
    public int compareTo(MessageId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
