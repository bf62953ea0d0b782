package dev.parley.domain.error;

/** What was read cannot be what was written. */
public final class CorruptDataException extends ChatException {

    private static final long serialVersionUID = 1L;

    public CorruptDataException(String message, Throwable cause) {
        super(message, cause);
    }

    public CorruptDataException(String message) {
        super(message);
    }

    @Override
    public boolean temporary() {
        return false;
    }
}
