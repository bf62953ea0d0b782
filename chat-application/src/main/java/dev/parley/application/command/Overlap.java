package dev.parley.application.command;

/** What becomes of a question that is asked while a reply runs or waits in the session. */
public enum Overlap {
    /** It waits for its turn. */
    QUEUE,
    /** It is refused as busy. */
    REJECT,
    /** It ends what runs and waits. */
    INTERRUPT,
    /** It is answered beside it. */
    PARALLEL
}
