package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.access.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Answers from memory, which holds what the tables hold: no other process writes them. */
final class SqliteRevocations implements Revocations {
    private final Writer writer;
    private final Readers readers;
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final Map<UserId, Instant> users = new ConcurrentHashMap<>();

    SqliteRevocations(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
        readers.read(sql -> {
            tokens.addAll(sql.list("SELECT id FROM revoked_token", row -> row.getString(1)));
            sql.list(
                    "SELECT user, until FROM revoked_user",
                    row -> users.put(new UserId(row.getString(1)), Times.instant(row.getLong(2))));
            return true;
        });
    }

    @Override
    public void revokeToken(String tokenId, Instant at) {
        writer.write(tables -> tables.sql()
                .update("INSERT OR IGNORE INTO revoked_token (id, at) VALUES (?, ?)", tokenId, Times.nanos(at)));
        tokens.add(tokenId);
    }

    @Override
    public void revokeUser(UserId user, Instant until) {
        writer.write(tables -> tables.sql()
                .update(
                        "INSERT INTO revoked_user (user, until) VALUES (?1, ?2)"
                                + " ON CONFLICT (user) DO UPDATE SET until = max(until, ?2)",
                        user.value(),
                        Times.nanos(until)));
        users.merge(user, until, (before, now) -> before.isAfter(now) ? before : now);
    }

    @Override
    public boolean revoked(Principal principal) {
        Instant until = users.getOrDefault(principal.user(), Instant.MIN);
        return principal.tokenId().filter(tokens::contains).isPresent()
                || !principal.issuedAt().isAfter(until);
    }

    @Override
    public List<Token> tokens(Optional<String> after, int limit) {
        return readers.read(sql -> sql.list(
                "SELECT id, at FROM revoked_token WHERE ?1 IS NULL OR id > ?1 ORDER BY id LIMIT ?2",
                row -> new Token(row.getString(1), Times.instant(row.getLong(2))),
                after.orElse(null),
                limit));
    }

    @Override
    public List<User> users(Optional<UserId> after, int limit) {
        return readers.read(sql -> sql.list(
                "SELECT user, until FROM revoked_user WHERE ?1 IS NULL OR user > ?1 ORDER BY user LIMIT ?2",
                row -> new User(new UserId(row.getString(1)), Times.instant(row.getLong(2))),
                after.map(UserId::value).orElse(null),
                limit));
    }
}
