package dev.parley.protocols;

import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import java.time.Duration;
import java.util.Optional;

/**
 * Why a connection is closed, with the code that tells the client whether to come back: 1001 and 4000 to 4499 are to be
 * resumed, 4500 to 4999 are not without a change.
 *
 * @param reconnectIn when to come back, where that is known
 */
public record Closing(Reason reason, Optional<Duration> reconnectIn) {

    /** A reason, its code on the wire and its name in frames. */
    public enum Reason {
        ASKED(1000, "asked"),
        DRAIN(1001, "drain"),
        INVALID_TEXT(1007, "invalid"),
        PROTOCOL(1008, "protocol"),
        LIMITS(1008, "limits"),
        TOO_LARGE(1009, "too_large"),
        SLOW(4000, "slow"),
        TIMEOUT(4001, "timeout"),
        STORE(4002, "store"),
        EXPIRED(4500, "expired"),
        REVOKED(4500, "revoked"),
        REMOVED(4501, "removed"),
        CLOSED(4502, "closed"),
        DELETED(4502, "deleted");

        private final int code;
        private final String word;

        Reason(int code, String word) {
            this.code = code;
            this.word = word;
        }

        public int code() {
            return code;
        }

        /** As it stands in frames and in the close frame's reason. */
        public String word() {
            return word;
        }
    }

    public static Closing because(Reason reason) {
        return new Closing(reason, Optional.empty());
    }

    /** How a connection ends that was refused at its beginning. */
    public static Closing of(Outcome.Refusal refusal) {
        Reason reason = switch (refusal.code()) {
            case FORBIDDEN, ROOM_FULL -> Reason.REMOVED;
            case GONE, NOT_FOUND -> Reason.CLOSED;
            case UNAUTHORIZED -> Reason.REVOKED;
            case TOKEN_EXPIRED -> Reason.EXPIRED;
            case STORE_UNAVAILABLE, INTERNAL, INTERRUPTED -> Reason.STORE;
            case RATE_LIMIT, BUSY, QUOTA_EXCEEDED -> Reason.LIMITS;
            case BAD_REQUEST,
                    UNKNOWN_TYPE,
                    MESSAGE_TOO_LONG,
                    CONTENT_REJECTED,
                    CONFLICT,
                    FILE_TOO_LARGE,
                    FILE_TYPE,
                    FILE_INFECTED,
                    FILE_UNSCANNABLE,
                    CHECKSUM,
                    MODEL_UNAVAILABLE,
                    MODEL_NOT_FOUND,
                    MODEL_FAILED -> Reason.PROTOCOL;
        };
        return new Closing(reason, refusal.retryAfter());
    }

    /** How a connection ends whose only session is lost to it. */
    public static Closing of(Event.SessionLost lost) {
        return because(switch (lost.why()) {
            case REMOVED -> Reason.REMOVED;
            case CLOSED -> Reason.CLOSED;
            case DELETED -> Reason.DELETED;
        });
    }

    public static Closing of(Event.Disconnecting ending) {
        Reason reason = switch (ending.cause()) {
            case DRAIN -> Reason.DRAIN;
            case TOKEN_EXPIRED -> Reason.EXPIRED;
            case TOKEN_REVOKED -> Reason.REVOKED;
            case STORE_LOST -> Reason.STORE;
        };
        return new Closing(reason, ending.reconnectIn());
    }
}
