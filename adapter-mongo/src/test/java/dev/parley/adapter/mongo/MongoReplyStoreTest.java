package dev.parley.adapter.mongo;

import dev.parley.testkit.store.DurableFixture;
import dev.parley.testkit.store.ReplyStoreContract;

class MongoReplyStoreTest extends ReplyStoreContract {
    @Override
    protected DurableFixture fixture() {
        return new MongoFixture();
    }
}
