package dev.parley.domain.error;

/** A model could not be asked, or did not end its answer. */
public final class LlmException extends ChatException {

    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Kind {
        /** Nobody answers at its address, or its server says that it cannot now. */
        UNAVAILABLE(ErrorCode.MODEL_UNAVAILABLE, true),
        /** Its server has too much to do. */
        OVERLOADED(ErrorCode.BUSY, true),
        /** Its server does not have the model. */
        NOT_FOUND(ErrorCode.MODEL_NOT_FOUND, false),
        /** Its server refuses the request as it is. */
        REJECTED(ErrorCode.MODEL_FAILED, false),
        /** No first token in time. */
        NO_FIRST_TOKEN(ErrorCode.MODEL_UNAVAILABLE, true),
        /** Tokens ceased to come. */
        STALLED(ErrorCode.MODEL_FAILED, true),
        /** The stream ended without an end. */
        TRUNCATED(ErrorCode.MODEL_FAILED, true),
        /** It said that it failed, or answered what makes no sense. */
        FAILED(ErrorCode.MODEL_FAILED, true);

        private final ErrorCode code;
        private final boolean temporary;

        Kind(ErrorCode code, boolean temporary) {
            this.code = code;
            this.temporary = temporary;
        }
    }

    private final Kind kind;

    public LlmException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public LlmException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** What clients are told. */
    public ErrorCode code() {
        return kind.code;
    }

    @Override
    public boolean temporary() {
        return kind.temporary;
    }
}
