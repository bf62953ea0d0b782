package dev.parley.domain.store;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.Port;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.session.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of files; their bytes are in the {@link BlobStore}. Uploads and attachments share one name space.
 *
 * <p>Files come into sessions and leave them by changes of {@link SessionStore#write}: {@code AttachmentAdded} makes the
 * attachment known if it was not, and puts it there; {@code AttachmentRemoved} and {@link SessionStore#purge} take it out. One
 * that is in no session is known until somebody {@link #remove}s it. Reads that begin after a write returned see it. Safe for use
 * by many threads; every method may block; what is written is durable on return.
 */
@Port
public interface AttachmentStore {

    /** What came of {@link #begin}. */
    enum Begin {
        BEGUN,
        /** The id names another upload or an attachment. */
        TAKEN,
        /** Its owner's files would be larger together than they may. */
        OVER_QUOTA
    }

    /**
     * Notes that an upload begins.
     *
     * @param quota how many bytes {@link #bytesOf} its owner may come to with it
     */
    Begin begin(Upload upload, long quota);

    Optional<Upload> upload(AttachmentId id);

    /** Notes that the upload grew; nothing when it is not there. */
    void touch(AttachmentId upload, Instant at);

    /** Puts {@code attachment} in the place of the upload with its id; false, and nothing done, when that is not there. */
    boolean finish(Attachment attachment);

    /** Forgets the upload; false when it was not there. */
    boolean abandon(AttachmentId upload);

    /** Uploads that did not grow since {@code before}, the longest untouched first, at most {@code limit}. */
    List<Upload> untouchedSince(Instant before, int limit);

    Optional<Attachment> find(AttachmentId id);

    /** The sessions that the attachment is in. */
    List<SessionId> sessionsWith(AttachmentId id);

    /** What is in the session, in the order it came. */
    Page<Attachment> of(SessionId session, PageRequest request);

    /** How many bytes {@code owner} keeps here: attachments, and the sizes that uploads are to come to; links cost nothing. */
    long bytesOf(UserId owner);

    /** Forgets the attachment if it is in no session; false when it was not there, or is in one. */
    boolean remove(AttachmentId id);

    /** Attachments that are in no session and came before {@code before}, at most {@code limit}. */
    List<Attachment> homeless(Instant before, int limit);

    /** Whether the bytes are needed by any attachment. */
    boolean uses(Sha256 content);

    /**
     * All attachments in the order of their ids, at most {@code limit}.
     *
     * @param after the last that the caller knows
     */
    List<Attachment> all(Optional<AttachmentId> after, int limit);
}
