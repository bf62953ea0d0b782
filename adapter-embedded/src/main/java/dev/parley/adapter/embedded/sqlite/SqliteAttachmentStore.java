package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.AttachmentStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class SqliteAttachmentStore implements AttachmentStore {
    private static final String UPLOAD =
            "SELECT id, owner, session, name, mime_type, size, exact, begun_at, touched_at FROM upload ";

    private final Writer writer;
    private final Readers readers;

    SqliteAttachmentStore(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    @Override
    public Begin begin(Upload upload, long quota) {
        return writer.write(tables -> {
            Sql sql = tables.sql();
            boolean taken = sql.number(
                    "SELECT (SELECT count(*) FROM upload WHERE id = ?1) + (SELECT count(*) FROM attachment WHERE id = ?1)",
                    upload.id().value()) > 0;
            if (taken) {
                return Begin.TAKEN;
            }
            if (bytes(sql, upload.owner()) + upload.size() > quota) {
                return Begin.OVER_QUOTA;
            }
            sql.update(
                    "INSERT INTO upload (id, owner, session, name, mime_type, size, exact, begun_at, touched_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    upload.id().value(),
                    upload.owner().value(),
                    upload.session().map(SessionId::value).orElse(null),
                    upload.name().value(),
                    upload.mimeType().value(),
                    upload.size(),
                    upload.exact() ? 1 : 0,
                    Times.nanos(upload.begunAt()),
                    Times.nanos(upload.touchedAt()));
            return Begin.BEGUN;
        });
    }

    private static long bytes(Sql sql, UserId owner) {
        return sql.number(
                "SELECT (SELECT coalesce(sum(size), 0) FROM upload WHERE owner = ?1)"
                        + " + (SELECT coalesce(sum(size), 0) FROM attachment WHERE owner = ?1 AND sha256 IS NOT NULL)",
                owner.value());
    }

    @Override
    public Optional<Upload> upload(AttachmentId id) {
        return readers.read(sql -> sql.one(UPLOAD + "WHERE id = ?", SqliteAttachmentStore::upload, id.value()));
    }

    private static Upload upload(ResultSet row) throws SQLException {
        return new Upload(
                new AttachmentId(row.getString(1)),
                new UserId(row.getString(2)),
                Optional.ofNullable(row.getString(3)).map(SessionId::new),
                new FileName(row.getString(4)),
                new MimeType(row.getString(5)),
                row.getLong(6),
                row.getInt(7) != 0,
                Times.instant(row.getLong(8)),
                Times.instant(row.getLong(9)));
    }

    @Override
    public void touch(AttachmentId upload, Instant at) {
        writer.write(tables -> tables.sql()
                .update("UPDATE upload SET touched_at = ? WHERE id = ?", Times.nanos(at), upload.value()));
    }

    @Override
    public boolean finish(Attachment attachment) {
        return writer.write(tables -> {
            boolean there = forget(tables.sql(), attachment.id());
            if (there) {
                AttachmentRows.insert(tables.sql(), attachment);
            }
            return there;
        });
    }

    private static boolean forget(Sql sql, AttachmentId upload) {
        return sql.update("DELETE FROM upload WHERE id = ?", upload.value()) > 0;
    }

    @Override
    public boolean abandon(AttachmentId upload) {
        return writer.write(tables -> forget(tables.sql(), upload));
    }

    @Override
    public List<Upload> untouchedSince(Instant before, int limit) {
        return readers.read(sql -> sql.list(
                UPLOAD + "WHERE touched_at < ? ORDER BY touched_at LIMIT ?",
                SqliteAttachmentStore::upload,
                Times.nanos(before),
                limit));
    }

    @Override
    public Optional<Attachment> find(AttachmentId id) {
        return readers.read(sql -> AttachmentRows.find(sql, id));
    }

    @Override
    public List<SessionId> sessionsWith(AttachmentId id) {
        return readers.read(sql -> sql.list(
                "SELECT s.id FROM attachment a JOIN session_attachment h ON h.attachment = a.n"
                        + " JOIN session s ON s.n = h.session WHERE a.id = ? ORDER BY s.id",
                row -> new SessionId(row.getString(1)),
                id.value()));
    }

    @Override
    public Page<Attachment> of(SessionId session, PageRequest request) {
        return readers.read(sql -> SessionRows.find(sql, session)
                .map(known -> new Page<>(
                        AttachmentRows.of(sql, known.n(), request.limit(), request.offset()),
                        sql.number("SELECT count(*) FROM session_attachment WHERE session = ?", known.n())))
                .orElseGet(() -> new Page<>(List.of(), 0)));
    }

    @Override
    public long bytesOf(UserId owner) {
        return readers.read(sql -> bytes(sql, owner));
    }

    @Override
    public boolean remove(AttachmentId id) {
        return writer.write(
                tables -> tables.sql().update("DELETE FROM attachment WHERE id = ? AND homes = 0", id.value()) > 0);
    }

    @Override
    public List<Attachment> homeless(Instant before, int limit) {
        return readers.read(sql -> AttachmentRows.list(
                sql, "WHERE a.homes = 0 AND a.added_at < ? ORDER BY a.added_at LIMIT ?", Times.nanos(before), limit));
    }

    @Override
    public boolean uses(Sha256 content) {
        return readers.read(
                sql -> sql.one("SELECT 1 FROM attachment WHERE sha256 = ? LIMIT 1", row -> row.getInt(1), content.hex())
                        .isPresent());
    }

    @Override
    public List<Attachment> all(Optional<AttachmentId> after, int limit) {
        return readers.read(sql -> AttachmentRows.list(
                sql,
                "WHERE a.id > ? ORDER BY a.id LIMIT ?",
                after.map(AttachmentId::value).orElse(""),
                limit));
    }
}
