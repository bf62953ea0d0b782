package dev.parley.domain.attachment;

import dev.parley.domain.access.UserId;
import dev.parley.domain.session.SessionId;
import java.time.Instant;
import java.util.Optional;

/**
 * A file on its way in. Which pieces are there, the bytes themselves tell: see {@link dev.parley.domain.store.BlobStore#pieces}.
 *
 * @param session where it is to appear once it is complete; without one it is its owner's alone until a message names it
 * @param mimeType what its sender says; what it is found to be in the end counts
 * @param size how large it is to become; at most so large unless {@code exact}
 * @param touchedAt when it last grew, give or take a minute
 */
public record Upload(
        AttachmentId id,
        UserId owner,
        Optional<SessionId> session,
        FileName name,
        MimeType mimeType,
        long size,
        boolean exact,
        Instant begunAt,
        Instant touchedAt) {

    /** How many pieces a file may come in. */
    public static final int MAX_PIECES = 10_000;

    public Upload {
        if (size < 0) {
            throw new IllegalArgumentException("Expected a size from 0, found " + size);
        }
    }

    public Upload touched(Instant at) {
        return new Upload(id, owner, session, name, mimeType, size, exact, begunAt, at);
    }

    /** The file it became. */
    public Attachment finished(MimeType found, long foundSize, Sha256 sha256, Instant at) {
        return new Attachment(id, owner, name, found, foundSize, at, new Attachment.Kept(sha256));
    }
}
