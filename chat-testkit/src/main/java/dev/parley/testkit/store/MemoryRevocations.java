package dev.parley.testkit.store;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.access.UserId;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

final class MemoryRevocations implements Revocations {
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final Map<UserId, Instant> users = new ConcurrentHashMap<>();

    @Override
    public void revokeToken(String tokenId, Instant at) {
        tokens.add(tokenId);
    }

    @Override
    public void revokeUser(UserId user, Instant until) {
        users.merge(user, until, (before, now) -> before.isAfter(now) ? before : now);
    }

    @Override
    public boolean revoked(Principal principal) {
        Instant until = users.getOrDefault(principal.user(), Instant.MIN);
        return principal.tokenId().filter(tokens::contains).isPresent()
                || !principal.issuedAt().isAfter(until);
    }
}
