package dev.parley.domain.access;

import dev.parley.domain.Port;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Remembers durably which tokens are no longer good although they are genuine. Safe for use by many threads. */
@Port
public interface Revocations {

    /** Ends one token; repeating it changes nothing. Durable on return. */
    void revokeToken(String tokenId, Instant at);

    /** Ends all of {@code user}'s tokens issued until and at {@code until}. Durable on return. */
    void revokeUser(UserId user, Instant until);

    /** Whether {@code principal}'s token was ended. Cheap enough for every request. */
    boolean revoked(Principal principal);

    /**
     * The tokens that were ended, in the order of their ids, at most {@code limit}.
     *
     * @param after the last that the caller knows
     */
    List<Token> tokens(Optional<String> after, int limit);

    /**
     * The users whose tokens were ended, in the order of their ids, at most {@code limit}.
     *
     * @param after the last that the caller knows
     */
    List<User> users(Optional<UserId> after, int limit);

    /** A token that was ended. */
    record Token(String id, Instant at) {}

    /** A user whose tokens issued until {@code until} were ended. */
    record User(UserId user, Instant until) {}
}
