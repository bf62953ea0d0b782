package dev.parley.testkit.store;

class InMemoryMessageStoreTest extends MessageStoreContract {
    @Override
    protected DurableFixture fixture() {
        return new MemoryFixture();
    }
}
