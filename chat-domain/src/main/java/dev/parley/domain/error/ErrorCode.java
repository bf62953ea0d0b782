package dev.parley.domain.error;

/** Why something was refused or failed: the same stable codes on every protocol. */
public enum ErrorCode {
    BAD_REQUEST,
    UNKNOWN_TYPE,
    MESSAGE_TOO_LONG,
    CONTENT_REJECTED,
    UNAUTHORIZED,
    TOKEN_EXPIRED,
    FORBIDDEN,
    NOT_FOUND,
    CONFLICT,
    GONE,
    ROOM_FULL,
    RATE_LIMIT,
    BUSY,
    QUOTA_EXCEEDED,
    FILE_TOO_LARGE,
    FILE_TYPE,
    FILE_INFECTED,
    FILE_UNSCANNABLE,
    CHECKSUM,
    MODEL_UNAVAILABLE,
    MODEL_NOT_FOUND,
    MODEL_FAILED,
    INTERRUPTED,
    STORE_UNAVAILABLE,
    INTERNAL
}
