package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.message.ClientMetadata;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes what is known of files, and in which sessions and messages they are. */
final class AttachmentRows {
    private static final String SELECT =
            "SELECT a.id, a.owner, a.name, a.mime_type, a.size, a.added_at, a.sha256, a.url, a.metadata FROM attachment a ";
    private static final String IN_SESSION = "JOIN session_attachment h ON h.attachment = a.n WHERE h.session = ? ";

    private AttachmentRows() {}

    static List<Attachment> list(Sql sql, String where, @Nullable Object... arguments) {
        return sql.list(SELECT + where, AttachmentRows::read, arguments);
    }

    static Optional<Attachment> find(Sql sql, AttachmentId id) {
        return sql.one(SELECT + "WHERE a.id = ?", AttachmentRows::read, id.value());
    }

    static Optional<Attachment> find(Sql sql, long session, AttachmentId id) {
        return sql.one(SELECT + IN_SESSION + "AND a.id = ?", AttachmentRows::read, session, id.value());
    }

    static List<Attachment> of(Sql sql, long session, int limit, int offset) {
        return list(sql, IN_SESSION + "ORDER BY h.n LIMIT ? OFFSET ?", session, limit, offset);
    }

    static List<Attachment> ofMessage(Sql sql, long message) {
        return list(
                sql, "JOIN message_attachment m ON m.attachment = a.n WHERE m.message = ? ORDER BY m.place", message);
    }

    static boolean mentioned(Sql sql, long session, AttachmentId id) {
        return sql.one(
                "SELECT 1 FROM message_attachment m JOIN attachment a ON a.n = m.attachment"
                        + " WHERE a.id = ? AND m.session = ? LIMIT 1",
                row -> row.getInt(1),
                id.value(),
                session)
                .isPresent();
    }

    static void insert(Sql sql, Attachment attachment) {
        Optional<Attachment.Linked> link =
                attachment.content() instanceof Attachment.Linked linked ? Optional.of(linked) : Optional.empty();
        sql.update(
                "INSERT OR IGNORE INTO attachment (id, owner, name, mime_type, size, added_at, sha256, url, metadata)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                attachment.id().value(),
                attachment.owner().value(),
                attachment.name().value(),
                attachment.mimeType().value(),
                attachment.size(),
                Times.nanos(attachment.addedAt()),
                attachment.sha256().map(Sha256::hex).orElse(null),
                link.map(Attachment.Linked::url).orElse(null),
                link.map(Attachment.Linked::metadata).map(ClientMetadata::json).orElse(null));
    }

    /** Puts a file that is known into the session, unless it is there. */
    static void bring(Sql sql, long session, AttachmentId id) {
        int brought = sql.update(
                "INSERT OR IGNORE INTO session_attachment (session, attachment) SELECT ?, n FROM attachment WHERE id = ?",
                session,
                id.value());
        if (brought > 0) {
            sql.update("UPDATE attachment SET homes = homes + 1 WHERE id = ?", id.value());
        }
    }

    /** Takes a file out of the session and its messages. */
    static void take(Sql sql, long session, AttachmentId id) {
        Optional<Long> n = sql.one("SELECT n FROM attachment WHERE id = ?", row -> row.getLong(1), id.value());
        if (n.isEmpty()) {
            return;
        }
        sql.update("DELETE FROM message_attachment WHERE attachment = ? AND session = ?", n.get(), session);
        int taken = sql.update("DELETE FROM session_attachment WHERE session = ? AND attachment = ?", session, n.get());
        if (taken > 0) {
            sql.update("UPDATE attachment SET homes = homes - 1 WHERE n = ?", n.get());
        }
    }

    /** Takes all files out of the session, but not out of its messages. */
    static void takeAll(Sql sql, long session) {
        sql.update(
                "UPDATE attachment SET homes = homes - 1 WHERE n IN"
                        + " (SELECT attachment FROM session_attachment WHERE session = ?)",
                session);
        sql.update("DELETE FROM session_attachment WHERE session = ?", session);
    }

    /** Makes {@code now} the files of the message. */
    static void ofMessage(Sql sql, long message, List<Attachment> now) {
        sql.update("DELETE FROM message_attachment WHERE message = ?", message);
        for (int place = 0; place < now.size(); place++) {
            sql.update(
                    "INSERT INTO message_attachment (message, place, session, attachment)"
                            + " SELECT m.n, ?, m.session, a.n FROM message m, attachment a WHERE m.n = ? AND a.id = ?",
                    place,
                    message,
                    now.get(place).id().value());
        }
    }

    private static Attachment read(ResultSet row) throws SQLException {
        String hash = row.getString(7);
        return new Attachment(
                new AttachmentId(row.getString(1)),
                new UserId(row.getString(2)),
                new FileName(row.getString(3)),
                new MimeType(row.getString(4)),
                row.getLong(5),
                Times.instant(row.getLong(6)),
                hash != null
                        ? new Attachment.Kept(new Sha256(hash))
                        : new Attachment.Linked(row.getString(8), new ClientMetadata(row.getString(9))));
    }
}
