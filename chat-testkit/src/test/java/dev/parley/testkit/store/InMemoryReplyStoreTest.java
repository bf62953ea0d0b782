package dev.parley.testkit.store;

class InMemoryReplyStoreTest extends ReplyStoreContract {
    @Override
    protected DurableFixture fixture() {
        return new MemoryFixture();
    }
}
