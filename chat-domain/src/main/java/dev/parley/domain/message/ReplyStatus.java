package dev.parley.domain.message;

/** Where a reply is in its life; it ends exactly once. */
public enum ReplyStatus {
    /** Asked for: it waits, or a model writes it. */
    RUNNING,
    COMPLETED,
    /** Somebody who may said stop. */
    STOPPED,
    /** The model, or what it needs, failed. */
    FAILED,
    /** The process that ran it ended. */
    INTERRUPTED;

    public boolean ended() {
        return this != RUNNING;
    }
}
