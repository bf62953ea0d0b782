package dev.parley.domain.store;

import dev.parley.domain.Port;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.Sha256;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The bytes of files: pieces of uploads, and contents under their hash, equal ones once. What is known of them is in the
 * {@link AttachmentStore}.
 *
 * <p>Never holds a whole file in memory. Safe for use by many threads; every method may block; what is written is durable on
 * return. Fails with {@link dev.parley.domain.error.UnavailableException} when the store is away or full.
 */
@Port
public interface BlobStore {

    /**
     * Keeps a piece of an upload; the same index again replaces it. Pieces come in any order.
     *
     * @param index 0 to {@link dev.parley.domain.attachment.Upload#MAX_PIECES} - 1
     */
    void write(AttachmentId upload, int index, ByteBuffer bytes);

    /** Which pieces are there, and how large each is. */
    SortedMap<Integer, Long> pieces(AttachmentId upload);

    /**
     * Puts pieces {@code 0} to {@code count - 1} together aside, with what was in them when it got to them.
     *
     * @return to be closed by the caller
     * @throws java.util.NoSuchElementException when a piece is not there
     */
    Draft assemble(AttachmentId upload, int count);

    /** A content that is complete and that nobody can find yet. */
    interface Draft extends FileContent, AutoCloseable {

        Sha256 sha256();

        /** Makes it findable under its hash; one that is there already counts as kept at {@code at} too. At most once. */
        void keep(Instant at);

        /** Drops it unless it was kept. */
        @Override
        void close();
    }

    /** Drops all pieces of the upload. */
    void discard(AttachmentId upload);

    /** Uploads that have pieces, in the order of their ids, behind {@code after}, at most {@code limit}. */
    List<AttachmentId> unfinished(Optional<AttachmentId> after, int limit);

    /** The content with that hash; a stream that is open goes on when the content is removed. */
    Optional<FileContent> find(Sha256 content);

    /** Contents last kept before {@code before}, in the order of their hashes, behind {@code after}, at most {@code limit}. */
    List<Sha256> keptBefore(Instant before, Optional<Sha256> after, int limit);

    /** Removes the content if it was last kept before {@code before}; false when it was not there, or kept since. */
    boolean remove(Sha256 content, Instant before);
}
