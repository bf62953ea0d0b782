package dev.parley.adapter.embedded.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConfig;

/** Opens connections to one file. */
final class Connections {
    private final Path file;
    private final Duration patience;

    Connections(DataFolder folder, SqliteSettings settings) {
        this.file = folder.path().resolve(settings.fileName());
        this.patience = settings.patience();
        NativeLibrary.provide(folder.path().resolve("native"));
    }

    Path file() {
        return file;
    }

    Sql writer() {
        Sql sql = open(false);
        sql.number("PRAGMA journal_mode = WAL");
        sql.run("PRAGMA synchronous = FULL");
        // See LogCopier.
        sql.run("PRAGMA wal_autocheckpoint = 0");
        sql.run("PRAGMA journal_size_limit = 67108864");
        sql.run("PRAGMA cache_size = -65536");
        return sql;
    }

    Sql reader() {
        Sql sql = open(true);
        sql.run("PRAGMA cache_size = -16384");
        return sql;
    }

    /** For copying the log. */
    Sql copier() {
        return open(false);
    }

    private Sql open(boolean readOnly) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout((int) patience.toMillis());
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        // Otherwise the driver asks for the number of each new row, with a statement that it makes for that.
        config.setGetGeneratedKeys(false);
        try {
            Connection connection = config.createConnection("jdbc:sqlite:" + file);
            Sql sql = new Sql(file, connection);
            if (readOnly) {
                sql.run("PRAGMA query_only = ON");
            }
            return sql;
        } catch (SQLException failed) {
            throw Faults.translated(file, failed);
        }
    }
}
