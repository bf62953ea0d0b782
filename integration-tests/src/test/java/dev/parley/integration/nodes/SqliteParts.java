package dev.parley.integration.nodes;

import dev.parley.adapter.embedded.files.FileBlobStore;
import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.embedded.sqlite.DataFolder;
import dev.parley.adapter.embedded.sqlite.SqliteDatabase;
import dev.parley.adapter.embedded.system.SystemTimers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/** One SQLite database, and everything live in the memory of this process: two engines of one program. */
final class SqliteParts implements SharedParts {

    private final SystemTimers timers = SystemTimers.start();
    private final LiveMemory live = LiveMemory.create(InstantSource.system(), timers);
    private final DataFolder folder;
    private final SqliteDatabase database;
    private final FileBlobStore blobs;

    SqliteParts(Path place) {
        try {
            Path files = Files.createDirectories(place.resolve("files"));
            Path temporary = Files.createDirectories(place.resolve("temporary"));
            folder = DataFolder.lock(Files.createDirectories(place.resolve("data")));
            database = SqliteDatabase.open(folder);
            blobs = FileBlobStore.open(files, temporary);
        } catch (IOException unusable) {
            throw new UncheckedIOException("Expected a folder to work in", unusable);
        }
    }

    @Override
    public Parts another(InstantSource clock) {
        return new Parts(
                database.sessions(),
                database.messages(),
                database.replies(),
                database.revocations(),
                database.audit(),
                database.topics(),
                database.attachments(),
                blobs,
                live.streams(),
                live.bus(),
                live.presence(),
                live.limiter(),
                live.leases(),
                live.connections());
    }

    @Override
    public void close() {
        live.close();
        database.close();
        folder.close();
        timers.close();
    }
}
