package dev.parley.adapter.embedded.sqlite;

import dev.parley.testkit.store.DurableFixture;
import dev.parley.testkit.store.RevocationsContract;

class SqliteRevocationsTest extends RevocationsContract {
    @Override
    protected DurableFixture fixture() {
        return new SqliteFixture();
    }
}
