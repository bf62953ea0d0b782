package dev.parley.adapter.mongo;

import dev.parley.testkit.store.DurableFixture;
import dev.parley.testkit.store.TopicLogContract;

class MongoTopicLogTest extends TopicLogContract {
    @Override
    protected DurableFixture fixture() {
        return new MongoFixture();
    }
}
