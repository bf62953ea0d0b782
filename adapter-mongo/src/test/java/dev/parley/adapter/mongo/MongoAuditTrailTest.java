package dev.parley.adapter.mongo;

import dev.parley.testkit.store.AuditTrailContract;
import dev.parley.testkit.store.DurableFixture;

class MongoAuditTrailTest extends AuditTrailContract {
    @Override
    protected DurableFixture fixture() {
        return new MongoFixture();
    }
}
