package dev.parley.domain.error;

/**
 * The world broke: a store is away, a disk is full, data makes no sense.
 *
 * <p>Expected answers are values and never arrive this way. The message is for operators, never for clients, and holds no
 * message text and no secret.
 */
public abstract sealed class ChatException extends RuntimeException
        permits UnavailableException, CorruptDataException, FencedException, LlmException {

    private static final long serialVersionUID = 1L;

    ChatException(String message, Throwable cause) {
        super(message, cause);
    }

    ChatException(String message) {
        super(message);
    }

    /** Whether the same call may succeed later without anybody changing anything. */
    public abstract boolean temporary();
}
