package dev.parley.domain.session;

/**
 * Names a ticket, as the system calls it that tickets come from.
 *
 * @param value 1 to {@value #MAX_LENGTH} characters of {@code [A-Za-z0-9._:-]}
 */
public record TicketId(String value) {

    public static final int MAX_LENGTH = SessionId.MAX_LENGTH - SessionId.TICKET_PREFIX.length();

    public TicketId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "Expected a ticket id of 1 to " + MAX_LENGTH + " characters of A-Z a-z 0-9 . _ : -");
        }
    }

    /** Whether {@code value} can name a ticket. */
    public static boolean isValid(String value) {
        return value.length() <= MAX_LENGTH && SessionId.isValid(value);
    }

    /** The session in which all of this ticket happens. */
    public SessionId session() {
        return new SessionId(SessionId.TICKET_PREFIX + value);
    }

    @Override
    public String toString() {
        return value;
    }
}
