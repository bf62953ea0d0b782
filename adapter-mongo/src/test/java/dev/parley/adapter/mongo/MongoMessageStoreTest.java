package dev.parley.adapter.mongo;

import dev.parley.testkit.store.DurableFixture;
import dev.parley.testkit.store.MessageStoreContract;

class MongoMessageStoreTest extends MessageStoreContract {
    @Override
    protected DurableFixture fixture() {
        return new MongoFixture();
    }
}
