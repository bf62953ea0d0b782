package dev.parley.testkit.store;

import java.util.Optional;

/** How a contract gets at a store: one fixture for one test, used by one thread. */
public interface DurableFixture extends AutoCloseable {
    /** Opens an empty store. Called once, first. */
    DurableStores open();

    /** Ends what is open as an orderly restart does, and opens the same data again. */
    DurableStores reopen();

    /** Another node on the same data beside the one that is open; empty where the store serves one process alone. */
    default Optional<DurableStores> second() {
        return Optional.empty();
    }

    /** Ends everything and removes the data. */
    @Override
    void close();
}
