package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.topic.TopicLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Every durable port on one SQLite file, for one process.
 *
 * <p>Whatever a port acknowledges is on the disk before. The file may be copied only while this is closed; use
 * {@link #backup} otherwise. Safe for use by many threads.
 */
public final class SqliteDatabase implements AutoCloseable {
    private final Connections connections;
    private final Sql sql;
    private final Writer writer;
    private final LogCopier copier;
    private final Readers readers;
    private final Latest latest;
    private final SessionStore sessions;
    private final MessageStore messages;
    private final ReplyStore replies;
    private final Revocations revocations;
    private final AuditTrail audit;
    private final TopicLog topics;
    private final AttachmentStore attachments;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SqliteDatabase(
            Connections connections, Sql sql, Readers readers, SqliteSettings settings, Telemetry telemetry) {
        this.connections = connections;
        this.sql = sql;
        this.readers = readers;
        SearchIndex index = new SearchIndex();
        index.undone(sql);
        index.committed();
        this.latest = new Latest();
        SentNames names = new SentNames();
        NewestMessages newest = new NewestMessages();
        this.writer =
                new Writer(new Tables(sql, index, latest, names, newest, settings.cachedSessions()), settings, telemetry);
        this.copier = new LogCopier(connections.copier(), writer);
        this.sessions = new SqliteSessionStore(writer, readers, latest);
        this.messages = new SqliteMessageStore(writer, readers, index, names, newest, settings.readThrough());
        this.replies = new SqliteReplyStore(writer, readers);
        this.revocations = new SqliteRevocations(writer, readers);
        this.audit = new SqliteAuditTrail(writer, readers);
        this.topics = new SqliteTopicLog(writer, readers);
        this.attachments = new SqliteAttachmentStore(writer, readers);
    }

    /** Opens with {@link SqliteSettings#DEFAULT} and tells nobody what it does. */
    public static SqliteDatabase open(DataFolder folder) {
        return open(folder, SqliteSettings.DEFAULT, Telemetry.SILENT);
    }

    /**
     * Opens the database in {@code folder}, makes it if it is not there, and brings an older one to this version.
     *
     * @param folder stays open until this is closed, and is closed by whoever locked it
     * @throws dev.parley.domain.error.CorruptDataException when the file is damaged, newer than this program or another's
     * @throws UnavailableException when the file cannot be read and written
     */
    public static SqliteDatabase open(DataFolder folder, SqliteSettings settings, Telemetry telemetry) {
        Connections connections = new Connections(folder, settings);
        Sql sql = connections.writer();
        Readers readers = null;
        boolean opened = false;
        try {
            Schema.migrate(connections.file(), sql);
            readers = new Readers(connections, settings.readers());
            SqliteDatabase database = new SqliteDatabase(connections, sql, readers, settings, telemetry);
            database.writer.start();
            database.copier.start();
            opened = true;
            return database;
        } finally {
            if (!opened) {
                if (readers != null) {
                    readers.close();
                }
                sql.close();
            }
        }
    }

    public SessionStore sessions() {
        return sessions;
    }

    public MessageStore messages() {
        return messages;
    }

    public ReplyStore replies() {
        return replies;
    }

    public Revocations revocations() {
        return revocations;
    }

    public AuditTrail audit() {
        return audit;
    }

    public TopicLog topics() {
        return topics;
    }

    public AttachmentStore attachments() {
        return attachments;
    }

    /** What is wrong, for an operator; empty when it reads and writes. Takes as long as a small step does. */
    public Optional<String> fault() {
        try {
            readers.read(view -> view.number("SELECT count(*) FROM search_state"));
            writer.write(tables -> tables.sql().update("UPDATE search_state SET one = one"));
            return Optional.empty();
        } catch (ChatException fault) {
            return Optional.of(String.valueOf(fault.getMessage()));
        }
    }

    /** Lets the file grow to so many pages only, as a full disk would; 0 changes nothing. How many pages it has. */
    long limitPages(long most) {
        return writer.write(tables -> {
            if (most > 0) {
                tables.sql().number("PRAGMA max_page_count = " + most);
            }
            return tables.sql().number("PRAGMA page_count");
        });
    }

    /** Whether a step is on the disk when it is answered. */
    boolean waitsForDisk() {
        return writer.write(tables -> tables.sql().number("PRAGMA synchronous") >= 2);
    }

    /**
     * Copies a database that this process has not opened to {@code target}, where nothing may be, and where a part may be left when it
     * fails. On the disk when this returns. Whoever has the database open goes on, since a server's own lock is for those who write.
     *
     * @throws dev.parley.domain.error.UnavailableException when it cannot be read or the copy not be written
     * @throws dev.parley.domain.error.CorruptDataException when it is damaged
     */
    public static void copy(Path database, Path target) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
            copy.setString(1, target.toString());
            copy.execute();
            force(target);
        } catch (SQLException fault) {
            throw Faults.copying(database, target, fault);
        } catch (IOException fault) {
            throw new UnavailableException("Expected to write " + target + " to the disk, found " + fault, fault);
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel copy = FileChannel.open(file, StandardOpenOption.WRITE)) {
            copy.force(true);
        }
    }

    /**
     * Writes a copy of everything committed so far to {@code target}, while others read and write on. Blocks until the copy is
     * on the disk; {@code target} is whole or untouched.
     *
     * @param target a file in a folder that is there; replaced when it exists
     */
    public void backup(Path target) {
        Path aside = target.resolveSibling(target.getFileName() + ".part");
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform().name("parley-sqlite-backup").daemon().start(() -> copy(aside, target, done));
        Waiting.join(done);
    }

    @SuppressWarnings("IllegalCatch")
    private void copy(Path aside, Path target, CompletableFuture<Void> done) {
        try {
            Files.deleteIfExists(aside);
            try (Sql source = connections.reader()) {
                source.run("PRAGMA query_only = OFF");
                source.update("VACUUM INTO ?", aside.toAbsolutePath().toString());
            }
            force(aside);
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            done.complete(null);
        } catch (IOException failed) {
            done.completeExceptionally(new UnavailableException(
                    "Expected to write a backup to " + target + ", found " + failed + ". Choose a folder with room.",
                    failed));
        } catch (RuntimeException failed) {
            done.completeExceptionally(failed);
        }
    }

    /** Does what waits, folds the log into the file and closes; what is called later fails. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        copier.close();
        writer.close();
        latest.clear();
        readers.close();
        try {
            sql.number("PRAGMA wal_checkpoint(TRUNCATE)");
            sql.run("PRAGMA optimize");
        } finally {
            sql.close();
        }
    }
}
