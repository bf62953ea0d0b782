package dev.parley.testkit.store;

class InMemoryAuditTrailTest extends AuditTrailContract {
    @Override
    protected DurableFixture fixture() {
        return new MemoryFixture();
    }
}
