package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.UserId;
import java.util.List;

final class SqliteAuditTrail implements AuditTrail {
    private final Writer writer;
    private final Readers readers;

    SqliteAuditTrail(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    @Override
    public void record(Entry entry) {
        writer.write(tables -> tables.sql()
                .update(
                        "INSERT INTO audit (at, by_user, action, subject) VALUES (?, ?, ?, ?)",
                        Times.nanos(entry.at()),
                        entry.by().value(),
                        entry.action(),
                        entry.subject()));
    }

    @Override
    public List<Entry> newest(int limit) {
        return readers.read(sql -> sql.list(
                "SELECT at, by_user, action, subject FROM audit ORDER BY n DESC LIMIT ?",
                row -> new Entry(
                        Times.instant(row.getLong(1)), new UserId(row.getString(2)), row.getString(3), row.getString(4)),
                limit));
    }
}
