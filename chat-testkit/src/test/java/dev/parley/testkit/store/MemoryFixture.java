package dev.parley.testkit.store;

import java.util.Optional;

/** A memory that outlives its restarts. */
final class MemoryFixture implements DurableFixture {
    private final InMemoryConversationStore store = new InMemoryConversationStore();

    @Override
    public DurableStores open() {
        return store;
    }

    @Override
    public DurableStores reopen() {
        return store;
    }

    @Override
    public Optional<DurableStores> second() {
        return Optional.of(store);
    }

    @Override
    public void close() {}
}
