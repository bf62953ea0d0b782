package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.UserId;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.SessionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and writes the records of replies that have not ended. */
final class ReplyRows {
    private static final String SELECT = """
            SELECT r.message, m.id, s.id, r.question, r.asker, r.requested_at, r.owner, r.fence, r.stop_requested_by
            FROM reply r JOIN message m ON m.n = r.message JOIN session s ON s.n = r.session
            """;

    private static final String SAFE = """
            SELECT r.message, r.fence, t.start, t.text
            FROM message m JOIN reply r ON r.message = m.n LEFT JOIN reply_text t ON t.reply = r.message
                 AND t.start = (SELECT max(start) FROM reply_text WHERE reply = r.message)
            WHERE m.id = ?
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

    static List<Reply> allWithoutTexts(Sql sql) {
        return bare(sql).stream().map(Bare::reply).toList();
    }

    private static List<Bare> bare(Sql sql) {
        return sql.list(SELECT + "ORDER BY r.requested_at, r.message", ReplyRows::read);
    }

    /** All of them; their texts are read at once. */
    static List<Reply> all(Sql sql) {
        List<Bare> records = bare(sql);
        Map<Long, StringBuilder> texts = new HashMap<>();
        if (!records.isEmpty()) {
            sql.list(
                    "SELECT reply, text FROM reply_text ORDER BY reply, start",
                    row -> texts.computeIfAbsent(row.getLong(1), n -> new StringBuilder()).append(row.getString(2)));
        }
        return records.stream()
                .map(bare -> {
                    StringBuilder text = texts.get(bare.n());
                    return text == null ? bare.reply() : with(bare.reply(), text.toString());
                })
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

    /**
     * Replaces what lies behind {@code offset}, which must not be more than is there; false when the reply has ended or {@code fence}
     * is not the newest. One look and one row, since every running reply comes every second.
     */
    static boolean checkpoint(Sql sql, MessageId id, long fence, long offset, String tail) {
        Optional<Safe> found = sql.one(SAFE, Safe::read, id.value());
        if (found.isEmpty() || found.get().fence() != fence) {
            return false;
        }
        long n = found.get().n();
        long length = found.get().length();
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
        return true;
    }

    /** What is safe of a running reply: its length in UTF-16 code units, which the database cannot count. */
    private record Safe(long n, long fence, long length) {
        static Safe read(ResultSet row) throws SQLException {
            String last = row.getString(4);
            return new Safe(row.getLong(1), row.getLong(2), last == null ? 0 : row.getLong(3) + last.length());
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
        return with(bare.reply(), text(sql, bare.n()));
    }

    private static Reply with(Reply reply, String text) {
        return new Reply(
                reply.id(),
                reply.session(),
                reply.question(),
                reply.asker(),
                reply.requestedAt(),
                reply.owner(),
                reply.fence(),
                reply.stopRequestedBy(),
                text);
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
