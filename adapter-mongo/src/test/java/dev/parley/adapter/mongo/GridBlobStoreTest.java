package dev.parley.adapter.mongo;

import dev.parley.domain.store.BlobStore;
import dev.parley.testkit.store.BlobFixture;
import dev.parley.testkit.store.BlobStoreContract;

class GridBlobStoreTest extends BlobStoreContract {
    @Override
    protected BlobFixture fixture() {
        return new Blobs(new MongoFixture());
    }

    private record Blobs(MongoFixture database) implements BlobFixture {
        @Override
        public BlobStore open() {
            return database.connect().blobs();
        }

        @Override
        public BlobStore reopen() {
            return open();
        }

        @Override
        public void close() {
            database.close();
        }
    }
}
