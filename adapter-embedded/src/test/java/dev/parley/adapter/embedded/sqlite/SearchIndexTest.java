package dev.parley.adapter.embedded.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the index of words grows. */
class SearchIndexTest {
    private static final int PIECES = 600;

    @TempDir
    private Path path;

    private static long total(Sql sql) {
        return sql.number("SELECT total_changes()");
    }

    private static void say(Sql sql, int count) {
        sql.update("BEGIN");
        for (int n = 1; n <= count; n++) {
            sql.update(
                    "INSERT INTO message (n, id, session, position, added_at, agent, author, author_name, role, content,"
                            + " created_at) VALUES (?, ?, ?, ?, 0, 0, 'ana', 'Ana', 'USER', ?, 0)",
                    n,
                    "m-" + n,
                    n % 200,
                    n,
                    "How do I bake bread without yeast " + n + " and how long does it take " + n * 7919 % 50_000);
        }
        sql.update("COMMIT");
    }

    @Test
    void no_piece_of_it_takes_much_longer_than_the_others_however_many_there_were() {
        try (DataFolder folder = DataFolder.lock(path);
                Sql sql = new Connections(folder, SqliteSettings.DEFAULT).writer()) {
            Schema.migrate(path, sql);
            say(sql, PIECES * SearchIndex.LITTLE);
            SearchIndex index = new SearchIndex();
            index.undone(sql);
            long most = 0;
            for (int piece = 0; piece < PIECES; piece++) {
                long before = total(sql);
                sql.update("BEGIN");
                index.index(sql, SearchIndex.LITTLE);
                sql.update("COMMIT");
                most = Math.max(most, total(sql) - before);
            }
            assertThat(index.indexedUntil()).isEqualTo(PIECES * SearchIndex.LITTLE);
            assertThat(most).as("rows that one piece wrote").isLessThan(500);
            assertThat(sql.number(
                    "SELECT count(*) FROM message_words WHERE message_words MATCH ?",
                    SearchIndex.expression(7, List.of("bread", "take"))))
                    .isEqualTo(PIECES * SearchIndex.LITTLE / 200);
            sql.update("INSERT INTO message_words (message_words) VALUES ('integrity-check')");
        }
    }
}
