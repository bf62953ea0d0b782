package dev.parley.adapter.mongo;

import dev.parley.testkit.store.DurableFixture;
import dev.parley.testkit.store.SessionStoreContract;

class MongoSessionStoreTest extends SessionStoreContract {
    @Override
    protected DurableFixture fixture() {
        return new MongoFixture();
    }
}
