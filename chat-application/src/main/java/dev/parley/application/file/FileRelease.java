package dev.parley.application.file;

import dev.parley.application.FilePorts;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;

/** Forgets files that left their last session, and removes contents that no file has any more. */
public final class FileRelease {

    /** A content that was kept so lately is perhaps about to become known. */
    static final Duration FRESH = Duration.ofHours(1);

    private final FilePorts files;
    private final InstantSource clock;

    public FileRelease(FilePorts files, InstantSource clock) {
        this.files = files;
        this.clock = clock;
    }

    /** Forgets those that are in no session; the others stay. */
    public void release(Collection<AttachmentId> attachments) {
        for (AttachmentId id : attachments) {
            files.facts()
                    .find(id)
                    .filter(known -> files.facts().remove(id))
                    .flatMap(gone -> gone.sha256())
                    .ifPresent(this::unused);
        }
    }

    /** Drops an upload with everything that came of it so far. */
    public void abandon(AttachmentId upload) {
        files.facts().abandon(upload);
        files.bytes().discard(upload);
    }

    /** Removes the content if no file has it and nobody is just bringing it again. */
    void unused(Sha256 content) {
        Instant before = clock.instant().minus(FRESH);
        if (!files.facts().uses(content)) {
            files.bytes().remove(content, before);
        }
    }
}
