package dev.parley.domain.access;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who is asking, as their token says.
 *
 * @param user who it is
 * @param name what others see, never empty
 * @param roles what the token grants; {@link #SERVICE} and {@link #ADMIN} have a meaning here
 * @param anonymous true when there was no token and none was needed
 * @param tokenId the token's own id, if it has one, so that it can be revoked alone
 * @param issuedAt when the token was made; a revocation of the user ends all tokens made until then
 * @param expiresAt when the token ends, if it does
 * @param socketsOnly true when the token is good for live connections and nothing else
 */
public record Principal(
        UserId user,
        String name,
        Set<String> roles,
        boolean anonymous,
        Optional<String> tokenId,
        Instant issuedAt,
        Optional<Instant> expiresAt,
        boolean socketsOnly) {

    /** The role of systems that publish. */
    public static final String SERVICE = "service";

    /** The role of those who run the server. */
    public static final String ADMIN = "admin";

    public Principal {
        roles = Set.copyOf(roles);
        if (name.isBlank()) {
            throw new IllegalArgumentException("Expected a name that is not blank");
        }
    }

    /** Somebody whose token is good for everything. */
    public Principal(
            UserId user,
            String name,
            Set<String> roles,
            boolean anonymous,
            Optional<String> tokenId,
            Instant issuedAt,
            Optional<Instant> expiresAt) {
        this(user, name, roles, anonymous, tokenId, issuedAt, expiresAt, false);
    }

    /** The same with a token for live connections alone. */
    public Principal forSockets() {
        return new Principal(user, name, roles, anonymous, tokenId, issuedAt, expiresAt, true);
    }

    /** Somebody whose identity ends only with the process: for embedders and tests. */
    public static Principal trusted(UserId user, String... roles) {
        return new Principal(
                user, user.value(), Set.of(roles), false, Optional.empty(), Instant.EPOCH, Optional.empty());
    }

    public boolean admin() {
        return roles.contains(ADMIN);
    }

    public boolean service() {
        return roles.contains(SERVICE);
    }

    /** Whether the token has ended at {@code now}. */
    public boolean expired(Instant now) {
        return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }
}
