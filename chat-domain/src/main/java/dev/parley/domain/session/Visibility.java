package dev.parley.domain.session;

/** Who may come in. */
public enum Visibility {
    /** The owner and at most one invited person. */
    PRIVATE,
    /** Whoever knows the id, and becomes a member by entering. */
    SHARED,
    /** Members only. */
    GROUP
}
