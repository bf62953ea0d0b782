package dev.parley.bootstrap;

import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.store.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Brings contents of files, files that are in no session, and uploads on their way; which files are in a session, its own changes tell.
 * Of an upload come the pieces from the first on that are there without a gap: its sender is told which are missing.
 */
final class FileCopy {

    private static final int PIECE = 1 << 20;
    private static final int AT_ONCE = 100;

    private final Replacements.Durable from;
    private final Replacements.Durable to;
    private long files;
    private long uploads;
    private long piecesLeft;

    FileCopy(Replacements.Durable from, Replacements.Durable to) {
        this.from = from;
        this.to = to;
    }

    void bring() {
        Optional<AttachmentId> after = Optional.empty();
        List<Attachment> part = from.attachments().all(after, AT_ONCE);
        while (!part.isEmpty()) {
            part.forEach(this::file);
            files += part.size();
            after = Optional.of(part.getLast().id());
            part = from.attachments().all(after, AT_ONCE);
        }
        from.attachments().untouchedSince(Instant.MAX, Integer.MAX_VALUE).forEach(this::upload);
    }

    /** How many files there are, in sessions or not. */
    long files() {
        return files;
    }

    /** How many uploads are on their way. */
    long uploads() {
        return uploads;
    }

    /** How many pieces of uploads were left out, since one before them is missing. */
    long piecesLeft() {
        return piecesLeft;
    }

    private void file(Attachment file) {
        file.sha256().ifPresent(hash -> content(file, hash));
        if (from.attachments().sessionsWith(file.id()).isEmpty()) {
            // An upload that is whole at once, as it was once.
            to.attachments()
                    .begin(
                            new Upload(
                                    file.id(), file.owner(), Optional.empty(), file.name(), file.mimeType(), file.size(), true,
                                    file.addedAt(), file.addedAt()),
                            Long.MAX_VALUE);
            to.attachments().finish(file);
        } else {
            // It may have been on its way when it was brought before.
            to.attachments().abandon(file.id());
        }
    }

    /** A content that is gone here is gone there too: the server says so in its log and to whoever wants it. */
    private void content(Attachment file, Sha256 hash) {
        Optional<FileContent> content = from.blobs().find(hash);
        if (content.isEmpty()) {
            return;
        }
        // What broke off may have left pieces.
        to.blobs().discard(file.id());
        if (to.blobs().find(hash).isPresent()) {
            return;
        }
        int pieces = 0;
        try (InputStream in = content.get().open()) {
            byte[] piece = in.readNBytes(PIECE);
            do {
                to.blobs().write(file.id(), pieces++, ByteBuffer.wrap(piece));
                piece = in.readNBytes(PIECE);
            } while (piece.length > 0);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        try (BlobStore.Draft draft = to.blobs().assemble(file.id(), pieces)) {
            if (!draft.sha256().equals(hash)) {
                throw new CorruptDataException("Expected the content " + hash + ", found " + draft.sha256());
            }
            draft.keep(file.addedAt());
        }
        to.blobs().discard(file.id());
    }

    private void upload(Upload upload) {
        to.attachments().begin(upload, Long.MAX_VALUE);
        SortedMap<Integer, Long> there = from.blobs().pieces(upload.id());
        SortedMap<Integer, Long> brought = to.blobs().pieces(upload.id());
        int whole = 0;
        while (there.containsKey(whole)) {
            whole++;
        }
        uploads++;
        piecesLeft += there.size() - whole;
        if (whole == 0) {
            return;
        }
        try (BlobStore.Draft draft = from.blobs().assemble(upload.id(), whole); InputStream in = draft.open()) {
            for (int index = 0; index < whole; index++) {
                long size = there.getOrDefault(index, 0L);
                byte[] piece = in.readNBytes(Math.toIntExact(size));
                if (piece.length != size) {
                    throw new CorruptDataException("Expected " + size + " bytes of an upload, found " + piece.length);
                }
                if (!Long.valueOf(size).equals(brought.get(index))) {
                    to.blobs().write(upload.id(), index, ByteBuffer.wrap(piece));
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
