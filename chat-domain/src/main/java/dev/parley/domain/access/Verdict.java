package dev.parley.domain.access;

/** What the access table says. */
public enum Verdict {
    ALLOWED,
    /** Allowed, and whoever asked becomes a member by it. */
    ALLOWED_AND_JOINS,
    /** Allowed to an administrator who does not belong there: it is to be noted in the audit trail. */
    ALLOWED_AND_AUDITED,
    FORBIDDEN;

    public boolean allowed() {
        return this != FORBIDDEN;
    }
}
