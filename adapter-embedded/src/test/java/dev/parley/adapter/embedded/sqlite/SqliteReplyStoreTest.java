package dev.parley.adapter.embedded.sqlite;

import dev.parley.testkit.store.DurableFixture;
import dev.parley.testkit.store.ReplyStoreContract;

class SqliteReplyStoreTest extends ReplyStoreContract {
    @Override
    protected DurableFixture fixture() {
        return new SqliteFixture();
    }
}
