package dev.parley.adapter.embedded.sqlite;

import dev.parley.testkit.store.AttachmentStoreContract;
import dev.parley.testkit.store.DurableFixture;

class SqliteAttachmentStoreTest extends AttachmentStoreContract {
    @Override
    protected DurableFixture fixture() {
        return new SqliteFixture();
    }
}
