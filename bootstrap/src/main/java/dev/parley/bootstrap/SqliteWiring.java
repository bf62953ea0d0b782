package dev.parley.bootstrap;

import dev.parley.adapter.embedded.files.FileBlobStore;
import dev.parley.adapter.embedded.sqlite.DataFolder;
import dev.parley.adapter.embedded.sqlite.SqliteDatabase;
import dev.parley.adapter.embedded.sqlite.SqliteSettings;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.IdSource;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is durable without a database server: SQLite and files in the data folder, which is locked for this process. */
final class SqliteWiring {

    private static final System.Logger LOG = System.getLogger(SqliteWiring.class.getName());

    private final Settings settings;
    private final Lifecycle life;

    private SqliteWiring(Settings settings, Lifecycle life) {
        this.settings = settings;
        this.life = life;
    }

    static Stores open(Settings settings, Telemetry telemetry, IdSource ids, Lifecycle life) {
        SqliteWiring wiring = new SqliteWiring(settings, life);
        SqliteDatabase database = wiring.database(locked(settings, life), telemetry);
        Replacements.Durable ports = new Replacements.Durable(
                database.sessions(),
                database.messages(),
                database.replies(),
                database.revocations(),
                database.audit(),
                database.topics(),
                database.attachments(),
                wiring.blobs());
        return new Stores(
                ports,
                List.of(() -> store(database)),
                Optional.of(FolderIdentity.of(settings.dataFolder(), ids)),
                true,
                Optional.empty(),
                Optional.of(database::backup));
    }

    /** The data folder for this process alone. */
    static DataFolder locked(Settings settings, Lifecycle life) {
        try {
            PrivateFolder.make(settings.dataFolder());
            return life.opened("data folder", DataFolder.lock(settings.dataFolder()));
        } catch (UnavailableException held) {
            throw new StartException(StartException.Reason.DATA_FOLDER, said(held), held);
        } catch (IOException unusable) {
            throw new StartException(
                    StartException.Reason.DATA_FOLDER,
                    "Expected a data folder that can be written, found " + settings.dataFolder() + ": " + unusable
                            + ". Choose another with --data-dir or DATA_DIR.",
                    unusable);
        }
    }

    private SqliteDatabase database(DataFolder folder, Telemetry telemetry) {
        try {
            return life.opened("database", SqliteDatabase.open(folder, SqliteSettings.DEFAULT, telemetry));
        } catch (CorruptDataException damaged) {
            throw new StartException(StartException.Reason.DATABASE, said(damaged), damaged);
        } catch (UnavailableException unusable) {
            boolean full = said(unusable).contains("SQLITE_FULL");
            throw new StartException(
                    full ? StartException.Reason.NO_SPACE : StartException.Reason.DATA_FOLDER, said(unusable), unusable);
        }
    }

    private FileBlobStore blobs() {
        Path folder = settings.uploads().folder();
        Path temporary = settings.uploads().temporary();
        try {
            PrivateFolder.make(folder);
            PrivateFolder.make(temporary);
            return FileBlobStore.open(folder, temporary);
        } catch (IOException | UnavailableException unusable) {
            throw new StartException(
                    StartException.Reason.DATA_FOLDER,
                    "Expected folders for uploads that can be written, found " + folder + " and " + temporary + ": "
                            + unusable + ". Choose others with UPLOAD_DIR and TEMP_DIR.",
                    unusable);
        }
    }

    private static Health.Part store(SqliteDatabase database) {
        Optional<String> fault = database.fault();
        fault.ifPresent(what -> LOG.log(System.Logger.Level.ERROR, what));
        return new Health.Part("store", fault.isEmpty(), true, fault.isEmpty() ? "sqlite" : "sqlite does not answer");
    }

    private static String said(RuntimeException failure) {
        return String.valueOf(failure.getMessage());
    }
}
