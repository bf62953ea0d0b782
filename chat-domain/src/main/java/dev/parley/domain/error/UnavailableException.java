package dev.parley.domain.error;

/** Something that is needed does not answer or has no room left: a store, a disk, a broker. */
public final class UnavailableException extends ChatException {

    private static final long serialVersionUID = 1L;

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    public UnavailableException(String message) {
        super(message);
    }

    @Override
    public boolean temporary() {
        return true;
    }
}
