package dev.parley.adapter.embedded.sqlite;

import java.time.Duration;

/**
 * How the database works.
 *
 * @param fileName the database's file in the data folder
 * @param readers how many threads read at the same time
 * @param stepsPerCommit how many steps share one commit at most
 * @param cachedSessions how many sessions the writer remembers, so that it need not read them again
 * @param readThrough sessions with at most so many messages are searched by reading them all: faster than an index over all
 *     sessions when a word is common
 * @param patience how long to wait when something outside holds the file's own lock
 */
public record SqliteSettings(
        String fileName, int readers, int stepsPerCommit, int cachedSessions, int readThrough, Duration patience) {
    public static final SqliteSettings DEFAULT =
            new SqliteSettings("parley.db", 4, 256, 4_096, 2_000, Duration.ofSeconds(5));

    public SqliteSettings {
        if (readers < 1 || stepsPerCommit < 1 || cachedSessions < 1) {
            throw new IllegalArgumentException("Expected at least one reader, step per commit and cached session");
        }
    }
}
