package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.error.CorruptDataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The tables, as numbered scripts; the file's {@code user_version} says how many of them it has seen. */
final class Schema {
    private static final List<String> SCRIPTS =
            List.of(
                    "001-conversations.sql",
                    "002-search.sql",
                    "003-topics.sql",
                    "004-reach.sql",
                    "005-forgotten-changes.sql",
                    "006-attachments.sql",
                    "007-search-in-steps.sql");

    private Schema() {}

    /** The version that this program reads and writes. */
    static int newest() {
        return SCRIPTS.size();
    }

    /** Brings the file to the newest version, each script whole or not at all. */
    static void migrate(Path file, Sql sql) {
        long found = version(sql);
        if (found > newest()) {
            throw new CorruptDataException("Expected a database of version " + newest() + " or older in " + file
                    + ", found version " + found + ": a newer Parley wrote it. Use that one, or an older backup.");
        }
        if (found == 0 && sql.number("SELECT count(*) FROM sqlite_master") > 0) {
            throw new CorruptDataException("Expected a database of Parley in " + file
                    + ", found one of another program. Choose another data folder.");
        }
        for (long version = found; version < newest(); version++) {
            apply(sql, (int) version);
        }
    }

    static long version(Sql sql) {
        return sql.number("PRAGMA user_version");
    }

    /** Runs script number {@code version + 1}. */
    static void apply(Sql sql, int version) {
        sql.run("BEGIN IMMEDIATE");
        boolean done = false;
        try {
            for (String statement : statements(SCRIPTS.get(version))) {
                sql.run(statement);
            }
            sql.run("PRAGMA user_version = " + (version + 1));
            sql.run("COMMIT");
            done = true;
        } finally {
            if (!done) {
                sql.rollBack();
            }
        }
    }

    private static List<String> statements(String script) {
        try (InputStream in = Schema.class.getResourceAsStream(script)) {
            if (in == null) {
                throw new IllegalStateException("Expected the script " + script + " beside the classes, found none");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)--.*$", "");
            return List.of(text.split(";")).stream().map(String::strip).filter(part -> !part.isEmpty()).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
