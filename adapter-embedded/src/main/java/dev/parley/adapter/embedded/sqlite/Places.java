package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.message.ClientKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the messages of a session are.
 *
 * <p>Naming each message in an index by session would touch another page of the file for each: most of what a commit would
 * have to write. So the newest messages of a session hang on its state as a chain, and are named in {@code message_place} and
 * {@code message_client} together once there are some. Everything in the chain is newer than everything in the tables.
 */
final class Places {
    /** As many recent messages a session has at most. */
    static final int CHAIN = 32;

    private static final String CHAIN_OF = """
            WITH RECURSIVE chain (n, position, previous) AS (
                SELECT m.n, m.position, m.previous FROM session_state t JOIN message m ON m.n = t.newest WHERE t.n = ?1
                UNION ALL
                SELECT m.n, m.position, m.previous FROM chain JOIN message m ON m.n = chain.previous
            )
            """;

    /** The chain only as far back as what lies behind a position: who follows closely walks a step or two. */
    private static final String CHAIN_BEHIND = """
            WITH RECURSIVE chain (n, position, previous) AS (
                SELECT m.n, m.position, m.previous FROM session_state t JOIN message m ON m.n = t.newest
                    WHERE t.n = ?1 AND m.position > ?2
                UNION ALL
                SELECT m.n, m.position, m.previous FROM chain JOIN message m ON m.n = chain.previous WHERE m.position > ?2
            )
            """;

    private record Place(long n, long position) {}

    private Places() {}

    /**
     * Whether the recent messages are to be named now. Each session has its turn: those that are written to in step would all be long at
     * the same time, and everybody would wait for all of them.
     */
    static boolean full(Known known) {
        boolean turn = (known.n() + known.messages()) % CHAIN == 0;
        return turn || known.newest() != null && known.newest().count() >= CHAIN;
    }

    /** Names the recent messages of the session in the tables. */
    static Known settle(Sql sql, Known known) {
        sql.update(
                CHAIN_OF + "INSERT INTO message_place (session, position, message) SELECT ?1, position, n FROM chain",
                known.n());
        sql.update(
                CHAIN_OF + "INSERT INTO message_client (session, client_id, message)"
                        + " SELECT ?1, m.client_id, m.n FROM chain JOIN message m ON m.n = chain.n"
                        + " WHERE m.client_id IS NOT NULL",
                known.n());
        return new Known(known.n(), known.session(), known.messages(), null);
    }

    /** The numbers of the recent messages, newest first. */
    static List<Long> recent(Sql sql, long session) {
        return chain(sql, session).stream().map(Place::n).toList();
    }

    /** The number of the newest recent message that was sent so. */
    static Optional<Long> recentlySent(Sql sql, long session, ClientKey key) {
        return sql.one(
                CHAIN_OF + "SELECT chain.n FROM chain CROSS JOIN message m ON m.n = chain.n"
                        + " WHERE m.client_id = ?2 AND m.author = ?3 AND m.agent = 0 ORDER BY chain.n DESC LIMIT 1",
                row -> row.getLong(1),
                session,
                key.clientId(),
                key.user().value());
    }

    /** The names that clients gave to messages that are not recent, at most so many. */
    static List<String> sentNames(Sql sql, long session, int limit) {
        return sql.list(
                "SELECT client_id FROM message_client WHERE session = ? LIMIT ?", row -> row.getString(1), session, limit);
    }

    private static List<Place> chain(Sql sql, long session) {
        return sql.list(
                CHAIN_OF + "SELECT n, position FROM chain ORDER BY position DESC",
                row -> new Place(row.getLong(1), row.getLong(2)),
                session);
    }

    /** The numbers of the newest at or before position {@code last}, newest first. */
    static List<Long> before(Sql sql, long session, long last, int limit) {
        List<Long> found = new ArrayList<>();
        for (Place place : chain(sql, session)) {
            if (place.position() <= last && found.size() < limit) {
                found.add(place.n());
            }
        }
        if (found.size() < limit) {
            found.addAll(sql.list(
                    "SELECT message FROM message_place WHERE session = ? AND position <= ? ORDER BY position DESC LIMIT ?",
                    row -> row.getLong(1),
                    session,
                    last,
                    limit - found.size()));
        }
        return found;
    }

    /** The numbers of those behind {@code position} but for the first {@code offset}, oldest first. */
    static List<Long> after(Sql sql, long session, long position, long offset, int limit) {
        List<Long> found = new ArrayList<>(sql.list(
                "SELECT message FROM message_place WHERE session = ? AND position > ? ORDER BY position LIMIT ? OFFSET ?",
                row -> row.getLong(1),
                session,
                position,
                limit,
                offset));
        if (found.size() < limit) {
            long passed = found.isEmpty() && offset > 0
                    ? offset - Math.min(offset, sql.number(
                            "SELECT count(*) FROM message_place WHERE session = ? AND position > ?", session, position))
                    : 0;
            sql.list(
                    CHAIN_BEHIND + "SELECT n FROM chain ORDER BY position LIMIT ?3 OFFSET ?4",
                    row -> row.getLong(1),
                    session,
                    position,
                    limit - found.size(),
                    passed)
                    .forEach(found::add);
        }
        return found;
    }
}
