package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.session.SessionId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Removes sessions: at once from sight, then piece by piece from the file. */
final class Purge {
    private static final int PIECE = 1_000;

    private record Doomed(long n, int extras) {}

    private Purge() {}

    /** Takes the session out of sight; its number, if it was there. */
    static OptionalLong hide(Tables tables, SessionId id) {
        Optional<Known> known = tables.session(id);
        if (known.isEmpty()) {
            return OptionalLong.empty();
        }
        long n = known.get().n();
        Sql sql = tables.sql();
        Places.settle(sql, known.get());
        sql.update("DELETE FROM reply_text WHERE reply IN (SELECT message FROM reply WHERE session = ?)", n);
        AttachmentRows.takeAll(sql, n);
        for (String table : List.of("reply", "member", "reach")) {
            sql.update("DELETE FROM " + table + " WHERE session = ?", n);
        }
        for (String table : List.of("session", "session_state")) {
            sql.update("DELETE FROM " + table + " WHERE n = ?", n);
        }
        sql.update("INSERT INTO purged (session) VALUES (?)", n);
        tables.forget(id);
        tables.eraseLater();
        return OptionalLong.of(n);
    }

    /** Erases a piece of the session; true when more is left. */
    static boolean erase(Tables tables, long session) {
        Sql sql = tables.sql();
        List<Doomed> piece = sql.list(
                "SELECT m.n, m.extras FROM message_place p JOIN message m ON m.n = p.message WHERE p.session = ?"
                        + " ORDER BY p.position LIMIT ?",
                row -> new Doomed(row.getLong(1), row.getInt(2)),
                session,
                PIECE);
        for (Doomed message : piece) {
            tables.search().erased(sql, message.n());
            sql.update("DELETE FROM version WHERE message = ?", message.n());
            MessageExtras.erase(sql, message.n(), message.extras());
            sql.update(
                    "DELETE FROM message_place WHERE session = ?1 AND position ="
                            + " (SELECT position FROM message WHERE n = ?2)",
                    session,
                    message.n());
            sql.update("DELETE FROM message WHERE n = ?", message.n());
        }
        if (piece.size() == PIECE) {
            return true;
        }
        sql.update("DELETE FROM message_client WHERE session = ?", session);
        int changes = sql.update(
                "DELETE FROM change WHERE session = ?1 AND position IN"
                        + " (SELECT position FROM change WHERE session = ?1 ORDER BY position LIMIT ?2)",
                session,
                10 * PIECE);
        if (changes == 10 * PIECE) {
            return true;
        }
        sql.update("DELETE FROM purged WHERE session = ?", session);
        return false;
    }

    /** Erases a piece of whatever is left over; true when there may be more. */
    static boolean eraseSome(Tables tables) {
        Optional<Long> left = tables.sql().one("SELECT session FROM purged LIMIT 1", row -> row.getLong(1));
        left.ifPresent(session -> erase(tables, session));
        return left.isPresent();
    }
}
