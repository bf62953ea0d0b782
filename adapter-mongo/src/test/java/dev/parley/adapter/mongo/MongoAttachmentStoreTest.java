package dev.parley.adapter.mongo;

import dev.parley.testkit.store.AttachmentStoreContract;
import dev.parley.testkit.store.DurableFixture;

class MongoAttachmentStoreTest extends AttachmentStoreContract {
    @Override
    protected DurableFixture fixture() {
        return new MongoFixture();
    }
}
