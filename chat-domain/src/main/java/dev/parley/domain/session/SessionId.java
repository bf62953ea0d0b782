package dev.parley.domain.session;

/**
 * Names a session; chosen by clients or made by the server. Rooms, conversations and tickets share this one name space.
 *
 * @param value 1 to {@value #MAX_LENGTH} characters of {@code [A-Za-z0-9._:-]}
 */
public record SessionId(String value) implements Comparable<SessionId> {

    public static final int MAX_LENGTH = 128;

    /** What the ids of tickets begin with; only the ticket protocol makes such sessions. */
    public static final String TICKET_PREFIX = "ticket:";

    public SessionId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "Expected a session id of 1 to " + MAX_LENGTH + " characters of A-Z a-z 0-9 . _ : -");
        }
    }

    /** Whether {@code value} can name a session. */
    public static boolean isValid(String value) {
        return !value.isEmpty() && value.length() <= MAX_LENGTH && value.chars().allMatch(SessionId::isAllowed);
    }

    public boolean isTicket() {
        return value.startsWith(TICKET_PREFIX);
    }

    private static boolean isAllowed(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '.'
                || c == '_'
                || c == ':'
                || c == '-';
    }

    @Override
    public int compareTo(SessionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
