package dev.parley.adapter.embedded.sqlite;

import dev.parley.testkit.store.DurableFixture;
import dev.parley.testkit.store.SessionStoreContract;

class SqliteSessionStoreTest extends SessionStoreContract {
    @Override
    protected DurableFixture fixture() {
        return new SqliteFixture();
    }
}
