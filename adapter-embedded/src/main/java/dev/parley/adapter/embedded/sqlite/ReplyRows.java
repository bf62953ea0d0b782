package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.UserId;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.SessionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Reads and writes the records of replies that have not ended. */
final class ReplyRows {
    private static final String SELECT = """
            SELECT r.message, m.id, s.id, r.question, r.asker, r.requested_at, r.owner, r.fence, r.stop_requested_by
            FROM reply r JOIN message m ON m.n = r.message JOIN session s ON s.n = r.session
            """;

    private record Bare(long n, Reply reply) {}

    private ReplyRows() {}

    static Optional<Reply> find(Sql sql, MessageId id) {
        return sql.one(SELECT + "WHERE m.id = ?", ReplyRows::read, id.value()).map(bare -> withText(sql, bare));
    }

    static List<Reply> of(Sql sql, long session) {
        return sql.list(SELECT + "WHERE r.session = ? ORDER BY r.requested_at, r.message", ReplyRows::read, session)
                .stream()
                .map(bare -> withText(sql, bare))
                .toList();
    }

    static List<Reply> all(Sql sql) {
        return sql.list(SELECT + "ORDER BY r.requested_at, r.message", ReplyRows::read)
                .stream()
                .map(bare -> withText(sql, bare))
                .toList();
    }

    /** The number of the message with that id. */
    static Optional<Long> number(Sql sql, MessageId id) {
        return sql.one("SELECT n FROM message WHERE id = ?", row -> row.getLong(1), id.value());
    }

    /** The number of the reply with that id, if it has not ended. */
    static Optional<Long> running(Sql sql, MessageId id) {
        return sql.one(
                "SELECT r.message FROM reply r JOIN message m ON m.n = r.message WHERE m.id = ?",
                row -> row.getLong(1),
                id.value());
    }

    static void insert(Sql sql, long n, long session, Reply reply) {
        sql.update(
                "INSERT INTO reply (message, session, question, asker, requested_at, owner, fence, stop_requested_by)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                n,
                session,
                reply.question().value(),
                reply.asker().value(),
                Times.nanos(reply.requestedAt()),
                reply.owner().value(),
                reply.fence(),
                reply.stopRequestedBy().map(UserId::value).orElse(null));
        if (!reply.checkpoint().isEmpty()) {
            addText(sql, n, 0, reply.checkpoint());
        }
    }

    static void end(Sql sql, long n) {
        if (sql.update("DELETE FROM reply WHERE message = ?", n) > 0) {
            sql.update("DELETE FROM reply_text WHERE reply = ?", n);
        }
    }

    /** Replaces what lies behind {@code offset}, which must not be more than is there. */
    static void checkpoint(Sql sql, long n, long offset, String tail) {
        Optional<Piece> last = sql.one(
                "SELECT start, text FROM reply_text WHERE reply = ? ORDER BY start DESC LIMIT 1", Piece::read, n);
        long length = last.map(Piece::end).orElse(0L);
        if (offset < 0 || offset > length) {
            throw new IllegalArgumentException("Expected an offset of 0 to " + length + ", found " + offset);
        }
        if (offset < length) {
            String kept = text(sql, n).substring(0, (int) offset);
            sql.update("DELETE FROM reply_text WHERE reply = ?", n);
            if (!kept.isEmpty()) {
                addText(sql, n, 0, kept);
            }
        }
        if (!tail.isEmpty()) {
            addText(sql, n, offset, tail);
        }
    }

    private record Piece(long start, String text) {
        static Piece read(ResultSet row) throws SQLException {
            return new Piece(row.getLong(1), row.getString(2));
        }

        long end() {
            return start + text.length();
        }
    }

    private static void addText(Sql sql, long n, long start, String text) {
        sql.update("INSERT INTO reply_text (reply, start, text) VALUES (?, ?, ?)", n, start, text);
    }

    private static String text(Sql sql, long n) {
        return String.join("", sql.list(
                "SELECT text FROM reply_text WHERE reply = ? ORDER BY start", row -> row.getString(1), n));
    }

    private static Reply withText(Sql sql, Bare bare) {
        Reply reply = bare.reply();
        return new Reply(
                reply.id(),
                reply.session(),
                reply.question(),
                reply.asker(),
                reply.requestedAt(),
                reply.owner(),
                reply.fence(),
                reply.stopRequestedBy(),
                text(sql, bare.n()));
    }

    private static Bare read(ResultSet row) throws SQLException {
        Reply reply = new Reply(
                new MessageId(row.getString(2)),
                new SessionId(row.getString(3)),
                new MessageId(row.getString(4)),
                new UserId(row.getString(5)),
                Times.instant(row.getLong(6)),
                new NodeId(row.getString(7)),
                row.getLong(8),
                Optional.ofNullable(row.getString(9)).map(UserId::new),
                "");
        return new Bare(row.getLong(1), reply);
    }
}
