package dev.parley.domain.session;

/** How alive a session is. */
public enum SessionStatus {
    ACTIVE,
    /** Nothing happened for a while; the next message wakes it. */
    IDLE,
    /** Ended for good: history stays readable, nobody enters. */
    CLOSED
}
