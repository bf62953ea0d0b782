package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.topic.TopicLog;
import dev.parley.testkit.store.DurableFixture;
import dev.parley.testkit.store.DurableStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A database in a folder of its own. */
final class SqliteFixture implements DurableFixture {
    private final SqliteSettings settings;
    private final Path path;
    private DataFolder folder;
    private SqliteDatabase database;

    SqliteFixture() {
        this(SqliteSettings.DEFAULT);
    }

    SqliteFixture(SqliteSettings settings) {
        this.settings = settings;
        try {
            path = Files.createTempDirectory("parley-sqlite");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Path path() {
        return path;
    }

    DataFolder folder() {
        return folder;
    }

    SqliteDatabase database() {
        return database;
    }

    @Override
    public DurableStores open() {
        folder = DataFolder.lock(path);
        database = SqliteDatabase.open(folder, settings, Telemetry.SILENT);
        return new Stores(database);
    }

    @Override
    public DurableStores reopen() {
        shut();
        return open();
    }

    void shut() {
        if (database != null) {
            database.close();
            folder.close();
        }
    }

    @Override
    public void close() {
        shut();
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    record Stores(SqliteDatabase database) implements DurableStores {
        @Override
        public SessionStore sessions() {
            return database.sessions();
        }

        @Override
        public MessageStore messages() {
            return database.messages();
        }

        @Override
        public ReplyStore replies() {
            return database.replies();
        }

        @Override
        public Revocations revocations() {
            return database.revocations();
        }

        @Override
        public AuditTrail audit() {
            return database.audit();
        }

        @Override
        public TopicLog topics() {
            return database.topics();
        }

        @Override
        public AttachmentStore attachments() {
            return database.attachments();
        }
    }
}
