package dev.parley.application.handle;

import dev.parley.application.EngineSettings;
import dev.parley.application.FilePorts;
import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.file.FileRelease;
import dev.parley.application.guard.Access;
import dev.parley.application.guard.Limits;
import dev.parley.domain.access.Right;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Files on their way in, piece by piece. Bounds are kept while they grow, so that nobody can fill the disk. */
final class UploadHandler {

    private static final Duration TOUCH = Duration.ofMinutes(1);

    private final Ports ports;
    private final FilePorts files;
    private final EngineSettings settings;
    private final Access access;
    private final Limits limits;
    private final FileRelease release;

    UploadHandler(Ports ports, EngineSettings settings, Access access, Limits limits, FileRelease release) {
        this.ports = ports;
        this.files = ports.files();
        this.settings = settings;
        this.access = access;
        this.limits = limits;
        this.release = release;
    }

    Outcome<Command.Uploading> begin(Call call, Command.BeginUpload command) {
        Optional<Upload> before = command.upload().flatMap(files.facts()::upload);
        if (before.isPresent()) {
            return own(call, before.get()).then(upload -> goOn(upload, command));
        }
        if (command.size() < 0) {
            return Outcome.refused(ErrorCode.BAD_REQUEST, "Expected a file size from 0");
        }
        if (command.size() > settings.uploads().maxFile()) {
            return tooLarge(settings.uploads().maxFile());
        }
        return mayUpload(call, command.session()).then(may -> fresh(call, command));
    }

    private Outcome<Command.Uploading> fresh(Call call, Command.BeginUpload command) {
        Instant now = ports.clock().instant();
        Upload upload = new Upload(
                command.upload().orElseGet(() -> new AttachmentId(ports.ids().next())),
                call.user(),
                command.session(),
                FileName.of(command.fileName()),
                MimeType.of(command.mimeType()),
                command.size(),
                command.exact(),
                now,
                now);
        return switch (files.facts().begin(upload, settings.uploads().quota())) {
            case BEGUN -> Outcome.done(new Command.Uploading(upload, List.of(), settings.uploads().maxChunk()));
            case TAKEN -> taken(call, upload.id());
            case OVER_QUOTA -> Outcome.refused(
                    ErrorCode.QUOTA_EXCEEDED,
                    "Expected at most " + settings.uploads().quota() + " bytes of files by one user");
        };
    }

    private <R> Outcome<R> taken(Call call, AttachmentId id) {
        boolean mine = files.facts()
                .find(id)
                .map(known -> known.owner().equals(call.user()))
                .or(() -> files.facts().upload(id).map(known -> known.owner().equals(call.user())))
                .orElse(false);
        return mine
                ? Outcome.refused(ErrorCode.CONFLICT, "Expected a new file id, found one that is complete")
                : notYours();
    }

    private Outcome<Command.Uploading> goOn(Upload upload, Command.BeginUpload command) {
        boolean same = upload.size() == command.size()
                && upload.name().equals(FileName.of(command.fileName()))
                && (command.session().isEmpty() || command.session().equals(upload.session()));
        return same
                ? Outcome.done(new Command.Uploading(
                        upload,
                        List.copyOf(files.bytes().pieces(upload.id()).keySet()),
                        settings.uploads().maxChunk()))
                : Outcome.refused(
                        ErrorCode.CONFLICT, "Expected the same file under the same file id, found another one");
    }

    Outcome<Command.ChunkAdded> add(Call call, Command.AddChunk command) {
        int size = command.bytes().remaining();
        if (size > settings.uploads().maxChunk()) {
            return Outcome.refused(
                    ErrorCode.FILE_TOO_LARGE, "Expected chunks of at most " + settings.uploads().maxChunk() + " bytes");
        }
        if (size == 0 || command.index() < 0 || command.index() >= Upload.MAX_PIECES) {
            return Outcome.refused(
                    ErrorCode.BAD_REQUEST,
                    "Expected a chunk that is not empty, with an index from 0 to " + (Upload.MAX_PIECES - 1));
        }
        return known(call, command.upload())
                .then(upload -> mayUpload(call, upload.session())
                        .then(may -> with(upload, command.index(), size))
                        .then(added -> limits.upload(call.caller(), size)
                                .then(counted -> write(upload, command, added))));
    }

    /** What there is once the piece is, if that is not too much. The pieces are listed but once: there may be very many. */
    private Outcome<Command.ChunkAdded> with(Upload upload, int index, int size) {
        SortedMap<Integer, Long> there = files.bytes().pieces(upload.id());
        int others = there.containsKey(index) ? there.size() - 1 : there.size();
        long bytes = sum(there) - there.getOrDefault(index, 0L) + size;
        return bytes > upload.size()
                ? tooLarge(upload.size())
                : Outcome.done(new Command.ChunkAdded(upload.id(), index, others + 1, bytes));
    }

    private Outcome<Command.ChunkAdded> write(Upload upload, Command.AddChunk command, Command.ChunkAdded added) {
        files.bytes().write(upload.id(), command.index(), command.bytes());
        Instant now = ports.clock().instant();
        if (upload.touchedAt().plus(TOUCH).isBefore(now)) {
            files.facts().touch(upload.id(), now);
        }
        return Outcome.done(added);
    }

    static long sum(SortedMap<Integer, Long> pieces) {
        return pieces.values().stream().mapToLong(Long::longValue).sum();
    }

    Outcome<Nothing> abandon(Call call, Command.AbandonUpload command) {
        return known(call, command.upload()).then(upload -> {
            release.abandon(upload.id());
            return Outcome.done(Nothing.NOTHING);
        });
    }

    /** The upload, if it is there and the caller's. */
    Outcome<Upload> known(Call call, AttachmentId id) {
        Optional<Upload> upload = files.facts().upload(id);
        return upload.isPresent()
                ? own(call, upload.get())
                : Outcome.refused(ErrorCode.NOT_FOUND, "Expected an upload that has begun, found none called so");
    }

    /** Whether a file may appear there; without a session it is its owner's alone. */
    Outcome<Optional<Session>> mayUpload(Call call, Optional<SessionId> session) {
        return session.map(id -> access.open(call.caller(), id, Right.SEND)
                .<Optional<Session>>then(open -> Outcome.done(Optional.of(open))))
                .orElseGet(() -> Outcome.done(Optional.empty()));
    }

    private static Outcome<Upload> own(Call call, Upload upload) {
        return upload.owner().equals(call.user()) ? Outcome.done(upload) : notYours();
    }

    private static <R> Outcome<R> notYours() {
        return Outcome.refused(ErrorCode.FORBIDDEN, "Expected a file id of the caller's own");
    }

    private static <R> Outcome<R> tooLarge(long most) {
        return Outcome.refused(ErrorCode.FILE_TOO_LARGE, "Expected at most " + most + " bytes");
    }
}
