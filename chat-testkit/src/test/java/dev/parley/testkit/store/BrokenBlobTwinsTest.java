package dev.parley.testkit.store;

import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.store.BlobStore;
import dev.parley.testkit.ContractRun;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store of bytes that is broken in one way is caught by its contract. */
class BrokenBlobTwinsTest {
    @ParameterizedTest
    @ValueSource(classes = {
        WholeBuffers.class, HastyDrafts.class, RecklessRemoval.class, DeafToOffsets.class, ForgetfulKeeping.class
    })
    void it_is_caught(Class<?> twin) {
        ContractRun.assertCaught(twin);
    }

    /** Does as a good store does, until a twin changes something. */
    private static class Twin implements BlobStore {
        final BlobStore good = new InMemoryBlobStore();

        @Override
        public void write(AttachmentId upload, int index, ByteBuffer bytes) {
            good.write(upload, index, bytes);
        }

        @Override
        public SortedMap<Integer, Long> pieces(AttachmentId upload) {
            return good.pieces(upload);
        }

        @Override
        public Draft assemble(AttachmentId upload, int count) {
            return good.assemble(upload, count);
        }

        @Override
        public void discard(AttachmentId upload) {
            good.discard(upload);
        }

        @Override
        public List<AttachmentId> unfinished(Optional<AttachmentId> after, int limit) {
            return good.unfinished(after, limit);
        }

        @Override
        public Optional<FileContent> find(Sha256 content) {
            return good.find(content);
        }

        @Override
        public List<Sha256> keptBefore(Instant before, Optional<Sha256> after, int limit) {
            return good.keptBefore(before, after, limit);
        }

        @Override
        public boolean remove(Sha256 content, Instant before) {
            return good.remove(content, before);
        }
    }

    static class WholeBuffers extends BlobStoreContract {
        @Override
        protected BlobFixture fixture() {
            return new InMemoryBlobStoreTest.OneStore(new Twin() {
                @Override
                public void write(AttachmentId upload, int index, ByteBuffer bytes) {
                    bytes.position(bytes.limit());
                    good.write(upload, index, bytes.duplicate().flip());
                }
            });
        }
    }

    static class HastyDrafts extends BlobStoreContract {
        @Override
        protected BlobFixture fixture() {
            return new InMemoryBlobStoreTest.OneStore(new Twin() {
                @Override
                public Draft assemble(AttachmentId upload, int count) {
                    Draft draft = good.assemble(upload, count);
                    draft.keep(Instant.EPOCH);
                    return draft;
                }
            });
        }
    }

    static class RecklessRemoval extends BlobStoreContract {
        @Override
        protected BlobFixture fixture() {
            return new InMemoryBlobStoreTest.OneStore(new Twin() {
                @Override
                public boolean remove(Sha256 content, Instant before) {
                    return good.remove(content, Instant.MAX);
                }
            });
        }
    }

    static class DeafToOffsets extends BlobStoreContract {
        @Override
        protected BlobFixture fixture() {
            return new InMemoryBlobStoreTest.OneStore(new Twin() {
                @Override
                public Optional<FileContent> find(Sha256 hash) {
                    return good.find(hash).map(content -> new FileContent() {
                        @Override
                        public long size() {
                            return content.size();
                        }

                        @Override
                        public InputStream open(long offset) {
                            return content.open(0);
                        }
                    });
                }
            });
        }
    }

    static class ForgetfulKeeping extends BlobStoreContract {
        @Override
        protected BlobFixture fixture() {
            return new BlobFixture() {
                @Override
                public BlobStore open() {
                    return new InMemoryBlobStore();
                }

                @Override
                public BlobStore reopen() {
                    return new InMemoryBlobStore();
                }

                @Override
                public void close() {}
            };
        }
    }
}
