package dev.parley.adapter.tika;

/** Ends an inspection: the file is unfit. Its message is for the sender. */
final class UnfitException extends Exception {

    private static final long serialVersionUID = 1L;

    UnfitException(String reason) {
        super(reason);
    }

    UnfitException(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** What was expected and what was found. */
    String reason() {
        String message = getMessage();
        return message == null ? "Expected a file that can be looked into" : message;
    }
}
