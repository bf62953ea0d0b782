package dev.parley.application.handle;

import dev.parley.application.FilePorts;
import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.file.FileRelease;
import dev.parley.application.guard.Access;
import dev.parley.application.ledger.Ledger;
import dev.parley.domain.access.Right;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.FileInspector;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.attachment.VirusScanner;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.BlobStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Makes a file of an upload: whole, as it was meant, of a kind that may come in, without viruses; only then anybody can find it.
 * Each step may be done again after a crash before the next.
 */
final class FinishUploadHandler {

    private static final System.Logger LOG = System.getLogger(FinishUploadHandler.class.getName());

    private static final int SHOWN = 10;

    private final Ports ports;
    private final FilePorts files;
    private final Access access;
    private final Ledger ledger;
    private final UploadHandler uploads;
    private final FileRelease release;

    FinishUploadHandler(Ports ports, Access access, Ledger ledger, UploadHandler uploads, FileRelease release) {
        this.ports = ports;
        this.files = ports.files();
        this.access = access;
        this.ledger = ledger;
        this.uploads = uploads;
        this.release = release;
    }

    Outcome<Command.Uploaded> finish(Call call, Command.FinishUpload command) {
        if (files.facts().upload(command.upload()).isEmpty()) {
            return again(call, command);
        }
        Outcome<Command.Uploaded> outcome = uploads.known(call, command.upload())
                .then(upload -> uploads.mayUpload(call, upload.session())
                        .then(may -> whole(upload, command))
                        .then(count -> assembled(call, upload, command, count)));
        // Another client of the same person may have finished it while this one looked at what is there no more.
        return outcome instanceof Outcome.Refused && files.facts().find(command.upload()).isPresent()
                ? again(call, command)
                : outcome;
    }

    /** Somebody who did not hear the answer asks again. */
    private Outcome<Command.Uploaded> again(Call call, Command.FinishUpload command) {
        Optional<Attachment> known = files.facts().find(command.upload());
        if (known.isEmpty()) {
            return Outcome.refused(ErrorCode.NOT_FOUND, "Expected an upload that has begun, found none called so");
        }
        if (!known.get().owner().equals(call.user())) {
            return Outcome.refused(ErrorCode.FORBIDDEN, "Expected a file id of the caller's own");
        }
        if (command.sha256().isPresent() && !command.sha256().equals(known.get().sha256())) {
            return Outcome.refused(ErrorCode.CONFLICT, "Expected an upload that is not complete, found another file");
        }
        List<SessionId> homes = files.facts().sessionsWith(command.upload());
        return Outcome.done(new Command.Uploaded(known.get(), homes.stream().findFirst()));
    }

    /** How many pieces there are, if none is missing. */
    private Outcome<Integer> whole(Upload upload, Command.FinishUpload command) {
        SortedMap<Integer, Long> there = files.bytes().pieces(upload.id());
        int count = command.chunks().orElseGet(() -> there.isEmpty() ? 0 : there.lastKey() + 1);
        if (count < 0 || count > Upload.MAX_PIECES || !there.isEmpty() && there.lastKey() >= count) {
            return Outcome.refused(ErrorCode.BAD_REQUEST, "Expected as many chunks as were said");
        }
        List<Integer> missing = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            if (!there.containsKey(index)) {
                missing.add(index);
            }
        }
        if (!missing.isEmpty()) {
            return Outcome.refused(
                    ErrorCode.BAD_REQUEST,
                    "Expected all chunks, found " + missing.size() + " missing: "
                            + missing.subList(0, Math.min(SHOWN, missing.size())));
        }
        long bytes = UploadHandler.sum(there);
        if (upload.exact() ? bytes != upload.size() : bytes > upload.size()) {
            return Outcome.refused(
                    bytes > upload.size() ? ErrorCode.FILE_TOO_LARGE : ErrorCode.BAD_REQUEST,
                    "Expected " + upload.size() + " bytes, found " + bytes);
        }
        return Outcome.done(count);
    }

    private Outcome<Command.Uploaded> assembled(Call call, Upload upload, Command.FinishUpload command, int count) {
        try (BlobStore.Draft draft = files.bytes().assemble(upload.id(), count)) {
            if (draft.size() > upload.size()) {
                return Outcome.refused(ErrorCode.FILE_TOO_LARGE, "Expected at most " + upload.size() + " bytes");
            }
            if (command.sha256().isPresent() && !command.sha256().get().equals(draft.sha256())) {
                // The pieces stay: whoever sent a bad one sends it again.
                return Outcome.refused(ErrorCode.CHECKSUM, "Expected the content to have the hash that was said");
            }
            return inspected(upload, draft).then(type -> scanned(upload, draft).then(clean -> {
                Instant now = ports.clock().instant();
                draft.keep(now);
                return appear(call, upload, upload.finished(type, draft.size(), draft.sha256(), now));
            }));
        } catch (NoSuchElementException gone) {
            // Somebody else finished or dropped it in the meantime.
            return again(call, command);
        }
    }

    private Outcome<MimeType> inspected(Upload upload, BlobStore.Draft draft) {
        return switch (files.inspector().inspect(upload.name(), draft)) {
            case FileInspector.Inspection.Fit(MimeType type) -> Outcome.done(type);
            case FileInspector.Inspection.Unfit(String reason) -> {
                release.abandon(upload.id());
                yield Outcome.refused(ErrorCode.FILE_TYPE, reason);
            }
        };
    }

    private Outcome<Nothing> scanned(Upload upload, BlobStore.Draft draft) {
        if (files.scanner().isEmpty()) {
            return Outcome.done(Nothing.NOTHING);
        }
        return switch (files.scanner().get().scan(draft)) {
            case VirusScanner.Scan.Clean clean -> Outcome.done(Nothing.NOTHING);
            case VirusScanner.Scan.Infected(String virus) -> {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "upload={0} user={1} is infected with {2}",
                        upload.id(),
                        upload.owner(),
                        virus);
                release.abandon(upload.id());
                yield Outcome.refused(ErrorCode.FILE_INFECTED, "Expected a file without viruses");
            }
            case VirusScanner.Scan.Unscannable(String reason) -> {
                // The pieces stay: the scanner may be back soon, and the upload is swept otherwise.
                LOG.log(System.Logger.Level.WARNING, "upload={0} cannot be scanned: {1}", upload.id(), reason);
                yield Outcome.refused(ErrorCode.FILE_UNSCANNABLE, "Expected a file that can be scanned for viruses");
            }
        };
    }

    /** First where it can be seen, then the end of the upload: who crashes in between finishes it again. */
    private Outcome<Command.Uploaded> appear(Call call, Upload upload, Attachment file) {
        Outcome<Attachment> shown = upload.session()
                .map(session -> show(call, session, file))
                .orElseGet(() -> Outcome.done(file));
        return shown.then(attachment -> Outcome.done(new Command.Uploaded(ended(upload, attachment), upload.session())));
    }

    /** What can be seen is no failure any more: what cannot be cleaned up behind it now, the sweep cleans up. */
    private Attachment ended(Upload upload, Attachment file) {
        boolean seen = upload.session().isPresent();
        Attachment known = file;
        try {
            known = files.facts().finish(file) ? file : files.facts().find(upload.id()).orElse(file);
            seen = true;
            files.bytes().discard(upload.id());
        } catch (RuntimeException left) {
            if (!seen) {
                throw left;
            }
            LOG.log(System.Logger.Level.WARNING, "upload=" + upload.id() + " is complete and left something behind", left);
        }
        return known;
    }

    private Outcome<Attachment> show(Call call, SessionId id, Attachment file) {
        Instant now = ports.clock().instant();
        return ledger.write(id, step -> {
            Optional<Session> session = step.session();
            if (session.isEmpty()) {
                return Access.noSession(id);
            }
            return access.open(call.caller(), session.get(), Right.SEND).then(open -> {
                Optional<Attachment> before = step.attachment(file.id());
                if (before.isEmpty()) {
                    step.append(now, Change.AttachmentAdded.of(file, call.user()));
                }
                return Outcome.done(before.orElse(file));
            });
        });
    }
}
