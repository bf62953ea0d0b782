package dev.parley.testkit.store;

class InMemoryRevocationsTest extends RevocationsContract {
    @Override
    protected DurableFixture fixture() {
        return new MemoryFixture();
    }
}
