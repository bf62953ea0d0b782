package dev.parley.bootstrap;

import dev.parley.adapter.embedded.sqlite.DataFolder;
import dev.parley.adapter.embedded.sqlite.SqliteDatabase;
import dev.parley.adapter.embedded.sqlite.SqliteSettings;
import dev.parley.adapter.rest.StoreExport;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.session.SessionId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What is done with a store beside serving it. */
public final class StoreTools {
    private StoreTools() {}

    /** How conversations can be written out. */
    public static final List<String> FORMATS = List.of("json", "markdown", "html", "csv");

    /**
     * Copies the database to {@code target}, which is whole or untouched; a server may use the database meanwhile.
     *
     * @throws UnavailableException when there is no database, or the copy cannot be written
     */
    public static void backup(Settings settings, Path target) {
        Path database = settings.dataFolder().resolve(SqliteSettings.DEFAULT.fileName());
        if (!Files.isRegularFile(database)) {
            throw new UnavailableException("Expected a database to copy, found no " + database);
        }
        Path whole = target.toAbsolutePath();
        Path aside = whole.resolveSibling(whole.getFileName() + ".part");
        try {
            Files.deleteIfExists(aside);
            copy(database, aside);
            Files.move(aside, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | SQLException failed) {
            throw new UnavailableException(
                    "Expected to copy " + database + " to " + whole + ", found: " + failed.getMessage(), failed);
        }
    }

    /** The server's own lock is for whoever writes; SQLite lets others read beside it, as of one moment. */
    private static void copy(Path database, Path aside) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
            copy.setString(1, aside.toString());
            copy.execute();
        }
    }

    /**
     * Writes one session or all; no server may use the store meanwhile.
     *
     * @return false when there is no session of that name
     */
    public static boolean export(Settings settings, Optional<SessionId> one, String format, OutputStream out)
            throws IOException {
        Principal viewer = Principal.trusted(new UserId("export"), Principal.ADMIN);
        try (DataFolder folder = DataFolder.lock(settings.dataFolder());
                SqliteDatabase database = SqliteDatabase.open(folder)) {
            return new StoreExport(database.sessions(), database.messages())
                    .write(one, format, viewer, InstantSource.system().instant(), settings.idleAfter(), out);
        }
    }
}
