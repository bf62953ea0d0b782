package dev.parley.testkit.store;

class InMemoryTopicLogTest extends TopicLogContract {
    @Override
    protected DurableFixture fixture() {
        return new MemoryFixture();
    }
}
