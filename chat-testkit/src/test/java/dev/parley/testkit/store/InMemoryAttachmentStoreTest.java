package dev.parley.testkit.store;

class InMemoryAttachmentStoreTest extends AttachmentStoreContract {
    @Override
    protected DurableFixture fixture() {
        return new MemoryFixture();
    }
}
