package dev.parley.application.file;

import dev.parley.application.FilePorts;
import dev.parley.application.UploadSettings;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tidies up after uploads that never ended, files that never came into a session, and crashes between two steps. */
public final class FileSweep {

    private static final System.Logger LOG = System.getLogger(FileSweep.class.getName());

    private static final int BATCH = 200;

    private final FilePorts files;
    private final UploadSettings settings;
    private final FileRelease release;
    private final InstantSource clock;
    private final AtomicBoolean reported = new AtomicBoolean();

    public FileSweep(FilePorts files, UploadSettings settings, FileRelease release, InstantSource clock) {
        this.files = files;
        this.settings = settings;
        this.release = release;
        this.clock = clock;
    }

    /** Goes through everything once; the first time it also says what is missing. */
    public void run() {
        if (reported.compareAndSet(false, true)) {
            report();
        }
        Instant now = clock.instant();
        standingUploads(now);
        homelessFiles(now);
        piecesOfNothing();
        contentsOfNobody(now);
    }

    /** Says which files are known whose bytes are gone: somebody took them from the disk, or a backup was not whole. */
    private void report() {
        long missing = 0;
        Optional<AttachmentId> last = Optional.empty();
        List<Attachment> some = files.facts().all(last, BATCH);
        while (!some.isEmpty()) {
            for (Attachment attachment : some) {
                boolean gone = attachment.sha256()
                        .filter(hash -> files.bytes().find(hash).isEmpty())
                        .isPresent();
                if (gone && missing++ < 10) {
                    LOG.log(System.Logger.Level.WARNING, "attachment={0} has no content any more", attachment.id());
                }
            }
            last = Optional.of(some.getLast().id());
            some = files.facts().all(last, BATCH);
        }
        if (missing > 0) {
            LOG.log(System.Logger.Level.WARNING, "{0} attachments have no content any more", missing);
        }
    }

    private void standingUploads(Instant now) {
        int found = BATCH;
        while (found == BATCH) {
            List<Upload> some = files.facts().untouchedSince(now.minus(settings.unfinishedLife()), BATCH);
            some.forEach(upload -> release.abandon(upload.id()));
            found = some.size();
        }
    }

    private void homelessFiles(Instant now) {
        int found = BATCH;
        while (found == BATCH) {
            List<Attachment> some = files.facts().homeless(now.minus(settings.homelessLife()), BATCH);
            release.release(some.stream().map(Attachment::id).toList());
            found = some.size();
        }
    }

    private void piecesOfNothing() {
        Optional<AttachmentId> last = Optional.empty();
        List<AttachmentId> some = files.bytes().unfinished(last, BATCH);
        while (!some.isEmpty()) {
            for (AttachmentId id : some) {
                if (files.facts().upload(id).isEmpty()) {
                    files.bytes().discard(id);
                }
            }
            last = Optional.of(some.getLast());
            some = files.bytes().unfinished(last, BATCH);
        }
    }

    private void contentsOfNobody(Instant now) {
        Instant before = now.minus(FileRelease.FRESH);
        Optional<Sha256> last = Optional.empty();
        List<Sha256> some = files.bytes().keptBefore(before, last, BATCH);
        while (!some.isEmpty()) {
            some.forEach(release::unused);
            last = Optional.of(some.getLast());
            some = files.bytes().keptBefore(before, last, BATCH);
        }
    }
}
