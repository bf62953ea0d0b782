package dev.parley.adapter.embedded.sqlite;

import dev.parley.testkit.store.DurableFixture;
import dev.parley.testkit.store.MessageStoreContract;

class SqliteMessageStoreTest extends MessageStoreContract {
    @Override
    protected DurableFixture fixture() {
        return new SqliteFixture();
    }
}
