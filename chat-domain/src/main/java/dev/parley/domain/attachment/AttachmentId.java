package dev.parley.domain.attachment;

/**
 * Names a file, from the beginning of its upload on; made by the server or chosen by a client.
 *
 * @param value 1 to {@value #MAX_LENGTH} characters of {@code [A-Za-z0-9_-]}: nothing that means something in a path
 */
public record AttachmentId(String value) implements Comparable<AttachmentId> {

    public static final int MAX_LENGTH = 64;

    public AttachmentId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "Expected an attachment id of 1 to " + MAX_LENGTH + " characters of A-Z a-z 0-9 _ -");
        }
    }

    /** Whether {@code value} can name a file. */
    public static boolean isValid(String value) {
        return !value.isEmpty() && value.length() <= MAX_LENGTH && value.chars().allMatch(AttachmentId::isAllowed);
    }

    private static boolean isAllowed(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
    }

    @Override
    public int compareTo(AttachmentId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
