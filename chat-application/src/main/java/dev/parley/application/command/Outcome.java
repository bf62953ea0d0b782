package dev.parley.application.command;

import dev.parley.domain.error.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** The one answer to a command. */
public sealed interface Outcome<R> {

    /** It was done. */
    record Done<R>(R value) implements Outcome<R> {}

    /** It was not done, and nothing of it. */
    record Refused<R>(Refusal refusal) implements Outcome<R> {

        /** The same refusal of something else. */
        public <S> Outcome<S> as() {
            return new Refused<>(refusal);
        }
    }

    /**
     * Why something was not done.
     *
     * @param detail for developers, in English: what was expected and what was found; never text of messages, never the inside of
     *     the server
     * @param retryAfter when the same may succeed, where that is known
     */
    record Refusal(ErrorCode code, String detail, Optional<Duration> retryAfter) {}

    static <R> Outcome<R> done(R value) {
        return new Done<>(value);
    }

    static <R> Outcome<R> refused(ErrorCode code, String detail) {
        return new Refused<>(new Refusal(code, detail, Optional.empty()));
    }

    static <R> Outcome<R> refused(ErrorCode code, String detail, Duration retryAfter) {
        return new Refused<>(new Refusal(code, detail, Optional.of(retryAfter)));
    }

    /** What follows from it when it was done. */
    default <S> Outcome<S> then(Function<? super R, ? extends Outcome<S>> next) {
        return switch (this) {
            case Done<R> done -> next.apply(done.value());
            case Refused<R> refused -> refused.as();
        };
    }
}
