package dev.parley.bootstrap;

/** The server could not start; the message says in one sentence what was expected, what was found and what to do. */
public final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kept it from starting. */
    public enum Reason {
        /** Nobody may listen at the address, or somebody does already. */
        ADDRESS,
        /** Another process uses the data folder, or it cannot be written. */
        DATA_FOLDER,
        /** The database is damaged, or newer than this program. */
        DATABASE,
        /** The disk is full. */
        NO_SPACE,
        /** The certificate or its key cannot be used. */
        CERTIFICATE,
        /** A part that the settings ask for is not on the class path. */
        MISSING_PART,
        /** A MongoDB or Redis that is needed does not answer, or not as it must. */
        DEPENDENCY,
        /** Another server uses a MongoDB or Redis that is for one alone. */
        TAKEN
    }

    private final Reason reason;

    StartException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    StartException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
