package dev.parley.domain.access;

import dev.parley.domain.Port;

/** Tells whether a bearer token is genuine. Safe for use by many threads. */
@Port
public interface TokenVerifier {

    /**
     * Checks signature, algorithm, times, issuer and audience. Never throws for anything in {@code token}; may block while
     * keys are fetched, and fails with {@link dev.parley.domain.error.UnavailableException} when none can be had.
     */
    Verification verify(String token);
}
