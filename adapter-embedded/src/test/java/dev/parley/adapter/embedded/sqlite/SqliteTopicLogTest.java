package dev.parley.adapter.embedded.sqlite;

import dev.parley.testkit.store.DurableFixture;
import dev.parley.testkit.store.TopicLogContract;

class SqliteTopicLogTest extends TopicLogContract {
    @Override
    protected DurableFixture fixture() {
        return new SqliteFixture();
    }
}
