package dev.parley.bootstrap;

import dev.parley.domain.PageRequest;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.session.Session;
import dev.parley.domain.store.BlobStore;
import dev.parley.domain.topic.TopicId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Brings everything durable from one store into another while nobody uses either: sessions change by change, so that their positions,
 * and with them the cursors of clients, stay what they are. What is there already is not brought again, so a copy that broke off goes
 * on; in the end both are read again and compared.
 *
 * <p>Left out are uploads on their way, files that are in no session, and subscriptions, which clients renew within minutes.
 */
final class StoreCopy {

    private static final int PIECE = 1 << 20;
    private static final int AT_ONCE = 100;

    private final Replacements.Durable from;
    private final Replacements.Durable to;
    private final Consumer<String> progress;

    /** @param checksum SHA-256 over the ids and contents of all messages, the same in both stores */
    record Report(
            long sessions, long changes, long messages, long files, long topics, long revocations, long audited,
            String checksum) {}

    StoreCopy(Replacements.Durable from, Replacements.Durable to, Consumer<String> progress) {
        this.from = from;
        this.to = to;
        this.progress = progress;
    }

    /** @throws CorruptDataException when the other store holds something else under the same names */
    Report run() {
        SessionCopy copy = new SessionCopy(from, to);
        List<Session> sessions = sessions();
        sessions.forEach(copy::check);
        long files = files();
        progress.accept("Files: " + files);
        long topics = topics();
        progress.accept("Topics: " + topics);
        long revocations = revocations();
        long audited = audit();
        long changes = 0;
        for (Session session : sessions) {
            copy.bring(session);
            changes += session.position();
        }
        progress.accept("Sessions: " + sessions.size() + ", changes: " + changes);
        SessionComparison comparison = new SessionComparison(from, to);
        sessions.forEach(comparison::compare);
        return new Report(
                sessions.size(), changes, comparison.messages(), files, topics, revocations, audited, comparison.checksum());
    }

    private List<Session> sessions() {
        List<Session> all = new ArrayList<>();
        List<Session> part = from.sessions().all(new PageRequest(0, PageRequest.MAX_LIMIT)).items();
        while (!part.isEmpty()) {
            all.addAll(part);
            part = from.sessions().all(new PageRequest(all.size(), PageRequest.MAX_LIMIT)).items();
        }
        return all;
    }

    private long files() {
        long count = 0;
        Optional<AttachmentId> after = Optional.empty();
        List<Attachment> part = from.attachments().all(after, AT_ONCE);
        while (!part.isEmpty()) {
            for (Attachment attachment : part) {
                attachment.sha256().ifPresent(content -> content(attachment, content));
            }
            count += part.size();
            after = Optional.of(part.getLast().id());
            part = from.attachments().all(after, AT_ONCE);
        }
        return count;
    }

    /** A content that is gone here is gone there too: the server says so in its log and to whoever wants it. */
    private void content(Attachment attachment, Sha256 hash) {
        Optional<FileContent> content = from.blobs().find(hash);
        if (content.isEmpty() || to.blobs().find(hash).isPresent()) {
            return;
        }
        to.blobs().discard(attachment.id());
        int pieces = 0;
        try (InputStream in = content.get().open()) {
            byte[] piece = in.readNBytes(PIECE);
            do {
                to.blobs().write(attachment.id(), pieces++, ByteBuffer.wrap(piece));
                piece = in.readNBytes(PIECE);
            } while (piece.length > 0);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        try (BlobStore.Draft draft = to.blobs().assemble(attachment.id(), pieces)) {
            if (!draft.sha256().equals(hash)) {
                throw new CorruptDataException("Expected the content " + hash + ", found " + draft.sha256());
            }
            draft.keep(attachment.addedAt());
        }
        to.blobs().discard(attachment.id());
    }

    private long topics() {
        TopicCopy copy = new TopicCopy(from.topics(), to.topics());
        long count = 0;
        List<TopicId> part = from.topics().topics(Optional.empty(), AT_ONCE);
        while (!part.isEmpty()) {
            part.forEach(copy::bring);
            count += part.size();
            part = from.topics().topics(Optional.of(part.getLast()), AT_ONCE);
        }
        return count;
    }

    private long revocations() {
        long count = 0;
        List<Revocations.Token> tokens = from.revocations().tokens(Optional.empty(), AT_ONCE);
        while (!tokens.isEmpty()) {
            tokens.forEach(token -> to.revocations().revokeToken(token.id(), token.at()));
            count += tokens.size();
            tokens = from.revocations().tokens(Optional.of(tokens.getLast().id()), AT_ONCE);
        }
        List<Revocations.User> users = from.revocations().users(Optional.empty(), AT_ONCE);
        while (!users.isEmpty()) {
            users.forEach(user -> to.revocations().revokeUser(user.user(), user.until()));
            count += users.size();
            users = from.revocations().users(Optional.of(users.getLast().user()), AT_ONCE);
        }
        return count;
    }

    /** The oldest first; as many as are there already were brought before. */
    private long audit() {
        List<AuditTrail.Entry> all = from.audit().newest(Integer.MAX_VALUE).reversed();
        int there = to.audit().newest(Integer.MAX_VALUE).size();
        all.subList(Math.min(there, all.size()), all.size()).forEach(to.audit()::record);
        return all.size();
    }

    /** Whose it is where the store does not say. */
    static UserId nobody() {
        return new UserId("copy");
    }

    /** The earliest instant there is a need for. */
    static Instant longAgo() {
        return Instant.EPOCH;
    }
}
