package dev.parley.domain.error;

/** A writer was replaced by a newer one and may not write any more. */
public final class FencedException extends ChatException {

    private static final long serialVersionUID = 1L;

    public FencedException(String message) {
        super(message);
    }

    @Override
    public boolean temporary() {
        return false;
    }
}
