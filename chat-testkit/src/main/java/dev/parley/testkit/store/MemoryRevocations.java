package dev.parley.testkit.store;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.access.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

final class MemoryRevocations implements Revocations {
    private final Map<String, Instant> tokens = new ConcurrentHashMap<>();
    private final Map<UserId, Instant> users = new ConcurrentHashMap<>();

    @Override
    public void revokeToken(String tokenId, Instant at) {
        tokens.putIfAbsent(tokenId, at);
    }

    @Override
    public void revokeUser(UserId user, Instant until) {
        users.merge(user, until, (before, now) -> before.isAfter(now) ? before : now);
    }

    @Override
    public boolean revoked(Principal principal) {
        Instant until = users.getOrDefault(principal.user(), Instant.MIN);
        return principal.tokenId().filter(tokens::containsKey).isPresent()
                || !principal.issuedAt().isAfter(until);
    }

    @Override
    public List<Token> tokens(Optional<String> after, int limit) {
        return new TreeMap<>(tokens).tailMap(after.orElse(""), after.isEmpty())
                .entrySet()
                .stream()
                .limit(limit)
                .map(each -> new Token(each.getKey(), each.getValue()))
                .toList();
    }

    @Override
    public List<User> users(Optional<UserId> after, int limit) {
        return new TreeMap<>(users).entrySet()
                .stream()
                .filter(each -> after.isEmpty() || each.getKey().compareTo(after.get()) > 0)
                .limit(limit)
                .map(each -> new User(each.getKey(), each.getValue()))
                .toList();
    }
}
