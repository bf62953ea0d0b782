package dev.parley.adapter.mongo;

import dev.parley.testkit.store.DurableFixture;
import dev.parley.testkit.store.RevocationsContract;

class MongoRevocationsTest extends RevocationsContract {
    @Override
    protected DurableFixture fixture() {
        return new MongoFixture();
    }
}
