package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.error.ChatException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Copies what was committed from the write-ahead log to the database's file, now and then and beside the writer: done by the writer
 * it would hold up everybody who commits just then.
 *
 * <p>The log begins anew only when nothing of it is left to copy. A writer that never rests has added something by the time a copy is
 * done; once the log has grown long it is asked to copy that little itself, between two commits.
 */
final class LogCopier implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogCopier.class.getName());

    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** So many pages are long: 16 MB. */
    private static final long LONG = 4_000;

    private final Sql sql;
    private final Writer writer;
    private final Thread thread;
    private volatile boolean closed;

    /** @param sql a connection of its own, which this closes */
    LogCopier(Sql sql, Writer writer) {
        this.sql = sql;
        this.writer = writer;
        this.thread = Thread.ofPlatform().name("parley-sqlite-log").daemon().unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    /** Copies what can be copied just now; how long the log is. */
    static long copy(Sql sql) {
        return sql.one("PRAGMA wal_checkpoint(PASSIVE)", row -> row.getLong(2)).orElse(0L);
    }

    private void work() {
        try (sql) {
            long copied = writer.commits();
            while (!closed) {
                LockSupport.parkNanos(this, PERIOD.toNanos());
                long now = writer.commits();
                if (now != copied && !closed) {
                    copied = now;
                    copyAll();
                }
            }
        }
    }

    private void copyAll() {
        try {
            if (copy(sql) > LONG) {
                // What came meanwhile, so that next to nothing is left for the writer.
                copy(sql);
                writer.copyRest();
            }
        } catch (ChatException fault) {
            // Commits go to the log and not to the file: they tell by themselves when they fail.
            LOG.log(System.Logger.Level.WARNING, "The database's log could not be copied", fault);
        } finally {
            sql.takeFault();
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        Waiting.join(thread);
    }
}
