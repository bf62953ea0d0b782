package dev.parley.benchmarks.micro;

import dev.parley.adapter.embedded.sqlite.DataFolder;
import dev.parley.adapter.embedded.sqlite.SqliteDatabase;
import dev.parley.domain.change.Change;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** A database in a folder of its own that is gone afterwards. The folder is made where {@code -Dbenchmarks.data} says. */
final class SqliteFolder implements AutoCloseable {

    private final DataFolder folder;
    private final SqliteDatabase database;

    private SqliteFolder(DataFolder folder, SqliteDatabase database) {
        this.folder = folder;
        this.database = database;
    }

    static SqliteFolder open() {
        String parent = System.getProperty("benchmarks.data", System.getProperty("java.io.tmpdir"));
        try {
            DataFolder folder = DataFolder.lock(Files.createTempDirectory(Path.of(parent), "parley-benchmark"));
            return new SqliteFolder(folder, SqliteDatabase.open(folder));
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    SqliteDatabase database() {
        return database;
    }

    void begin(SessionId id) {
        Session session = Session.fresh(
                id, Optional.of(new Member(Chat.USER, "Ana", Chat.NOW)), Visibility.SHARED, Optional.empty(), Chat.NOW);
        database.sessions().write(id, step -> step.append(Chat.NOW, new Change.SessionOpened(session)));
    }

    @Override
    public void close() {
        database.close();
        Path path = folder.path();
        folder.close();
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
