package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.session.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Takes old changes out of the feeds. A message is its own first change: of that only the place in the feed is forgotten. */
final class Forgetting {
    private static final int SESSIONS = 500;
    private static final int PIECE = 5_000;

    /** What is not named in the tables yet counts as old: whoever looks closer names it. */
    private static final String WITH_OLD_CHANGES = """
            SELECT s.n, s.id FROM session s JOIN session_state t ON t.n = s.n
            WHERE s.n > ?1 AND t.position > t.forgotten + 1 AND coalesce(
                (SELECT c.at FROM change c WHERE c.session = s.n AND c.position = t.forgotten + 1),
                (SELECT m.added_at FROM message_place p JOIN message m ON m.n = p.message
                    WHERE p.session = s.n AND p.position = t.forgotten + 1),
                ?2 - 1) < ?2
            ORDER BY s.n LIMIT ?3
            """;

    /** A session that may have something to forget. */
    record Candidate(long n, SessionId id) {}

    private Forgetting() {}

    /** The position of the newest change that is forgotten, 0 if none is. */
    static long until(Sql sql, long session) {
        return sql.number("SELECT forgotten FROM session_state WHERE n = ?", session);
    }

    /** The next sessions behind number {@code after}; none when that was the last. */
    static List<Candidate> candidates(Sql sql, long after, Instant before) {
        return sql.list(
                WITH_OLD_CHANGES,
                row -> new Candidate(row.getLong(1), new SessionId(row.getString(2))),
                after,
                Times.nanos(before),
                SESSIONS);
    }

    /** Forgets a piece of what is old in a session; tells how much, 0 when nothing was left. */
    static long piece(Tables tables, SessionId id, Instant before) {
        Optional<Known> found = tables.session(id);
        if (found.isEmpty()) {
            return 0;
        }
        Sql sql = tables.sql();
        Known known = Places.settle(sql, found.get());
        SessionRows.state(sql, known);
        tables.put(known);
        long n = known.n();
        long forgotten = until(sql, n);
        long kept = Math.min(known.session().position(), Math.min(forgotten + PIECE + 1, firstKept(sql, n, forgotten, before)));
        if (kept <= forgotten + 1) {
            return 0;
        }
        sql.update("DELETE FROM change WHERE session = ? AND position < ?", n, kept);
        sql.update("UPDATE session_state SET forgotten = ? WHERE n = ?", kept - 1, n);
        tables.tellFromFile(id);
        return kept - 1 - forgotten;
    }

    private static long firstKept(Sql sql, long session, long forgotten, Instant before) {
        long at = Times.nanos(before);
        long change = sql.one(
                "SELECT position FROM change WHERE session = ? AND position > ? AND at >= ? ORDER BY position LIMIT 1",
                row -> row.getLong(1),
                session,
                forgotten,
                at)
                .orElse(Long.MAX_VALUE);
        return sql.one(
                "SELECT p.position FROM message_place p JOIN message m ON m.n = p.message"
                        + " WHERE p.session = ? AND p.position > ? AND m.added_at >= ? ORDER BY p.position LIMIT 1",
                row -> row.getLong(1),
                session,
                forgotten,
                at)
                .map(message -> Math.min(message, change))
                .orElse(change);
    }
}
