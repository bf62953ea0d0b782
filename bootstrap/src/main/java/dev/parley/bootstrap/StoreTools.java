package dev.parley.bootstrap;

import dev.parley.adapter.embedded.sqlite.DataFolder;
import dev.parley.adapter.embedded.sqlite.SqliteDatabase;
import dev.parley.bootstrap.settings.Settings;
import java.nio.file.Path;
import java.util.List;

/** What is done with a store beside serving it. */
public final class StoreTools {
    private StoreTools() {}

    /** How conversations can be written out. */
    public static final List<String> FORMATS = List.of("json", "markdown", "html", "csv");

    /** Copies the database to {@code target}. */
    public static void backup(Settings settings, Path target) {
        try (DataFolder folder = DataFolder.lock(settings.dataFolder());
                SqliteDatabase database = SqliteDatabase.open(folder)) {
            database.backup(target);
        }
    }
}
