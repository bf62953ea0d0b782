package dev.parley.bootstrap;

import dev.parley.application.command.Outcome;
import dev.parley.domain.error.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/** The engine refused what was asked; the message says what was expected. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Optional<Duration> retryAfter;

    RefusedException(Outcome.Refusal refusal) {
        super(refusal.code() + ": " + refusal.detail());
        this.code = refusal.code();
        this.retryAfter = refusal.retryAfter();
    }

    /** The value of an outcome. */
    static <R> R valueOf(Outcome<R> outcome) {
        return switch (outcome) {
            case Outcome.Done<R> done -> done.value();
            case Outcome.Refused<R> refused -> throw new RefusedException(refused.refusal());
        };
    }

    public ErrorCode code() {
        return code;
    }

    /** When the same may succeed, where that is known. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
