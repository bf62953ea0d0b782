package dev.parley.adapter.embedded.sqlite;

import dev.parley.testkit.store.DurableFixture;
import dev.parley.testkit.store.MessageStoreContract;
import java.time.Duration;

/** The same promises with every search by the index, one step for each commit, and one session remembered. */
class SqliteSmallestTest extends MessageStoreContract {
    @Override
    protected DurableFixture fixture() {
        return new SqliteFixture(new SqliteSettings("parley.db", 1, 1, 1, 0, Duration.ofSeconds(5)));
    }
}
