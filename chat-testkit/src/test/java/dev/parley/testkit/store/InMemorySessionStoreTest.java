package dev.parley.testkit.store;

class InMemorySessionStoreTest extends SessionStoreContract {
    @Override
    protected DurableFixture fixture() {
        return new MemoryFixture();
    }
}
