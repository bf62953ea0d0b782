package dev.parley.protocols.json;

/**
 * A field of a client's JSON is not what it should be. Caught where the frame or request is taken apart, and answered as a bad
 * request; its message says what was expected and found, and holds no content.
 */
public final class FieldException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public FieldException(String message) {
        super(message, null, false, false);
    }

    /** The message, never empty. */
    public String detail() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
