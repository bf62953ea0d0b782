package dev.parley.adapter.embedded.sqlite;

import dev.parley.testkit.store.AuditTrailContract;
import dev.parley.testkit.store.DurableFixture;

class SqliteAuditTrailTest extends AuditTrailContract {
    @Override
    protected DurableFixture fixture() {
        return new SqliteFixture();
    }
}
