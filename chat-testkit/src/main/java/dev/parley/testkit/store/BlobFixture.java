package dev.parley.testkit.store;

import dev.parley.domain.store.BlobStore;

/** How a contract gets at a store of bytes: one fixture for one test, used by one thread. */
public interface BlobFixture extends AutoCloseable {
    /** Opens an empty store. Called once, first. */
    BlobStore open();

    /** Ends what is open as an orderly restart does, and opens the same data again. */
    BlobStore reopen();

    /** Ends everything and removes the data. */
    @Override
    void close();
}
