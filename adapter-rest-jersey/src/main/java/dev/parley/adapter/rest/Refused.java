package dev.parley.adapter.rest;

import dev.parley.application.command.Outcome;
import dev.parley.domain.error.ErrorCode;
import java.util.Optional;

/** Carries a refusal out of a resource method to where it becomes a problem. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Outcome.Refusal refusal;

    Refused(Outcome.Refusal refusal) {
        super(refusal.code().name(), null, false, false);
        this.refusal = refusal;
    }

    Refused(ErrorCode code, String detail) {
        this(new Outcome.Refusal(code, detail, Optional.empty()));
    }

    Outcome.Refusal refusal() {
        return refusal;
    }
}
