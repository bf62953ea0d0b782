package dev.parley.domain.access;

import dev.parley.domain.Port;
import java.time.Instant;

/** Remembers durably which tokens are no longer good although they are genuine. Safe for use by many threads. */
@Port
public interface Revocations {

    /** Ends one token; repeating it changes nothing. Durable on return. */
    void revokeToken(String tokenId, Instant at);

    /** Ends all of {@code user}'s tokens issued until and at {@code until}. Durable on return. */
    void revokeUser(UserId user, Instant until);

    /** Whether {@code principal}'s token was ended. Cheap enough for every request. */
    boolean revoked(Principal principal);
}
