package dev.parley.testkit.store;

import dev.parley.domain.store.BlobStore;

class InMemoryBlobStoreTest extends BlobStoreContract {
    @Override
    protected BlobFixture fixture() {
        return new OneStore(new InMemoryBlobStore());
    }

    /** A memory that outlives its restarts. */
    record OneStore(BlobStore open) implements BlobFixture {
        @Override
        public BlobStore reopen() {
            return open;
        }

        @Override
        public void close() {}
    }
}
