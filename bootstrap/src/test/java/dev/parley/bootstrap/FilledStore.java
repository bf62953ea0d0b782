package dev.parley.bootstrap;

import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.change.Change;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.BlobStore;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicId;
import dev.parley.testkit.store.InMemoryBlobStore;
import dev.parley.testkit.store.InMemoryConversationStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A store in memory with a little of everything that is durable, the same each time but for one thing where that is wanted. */
final class FilledStore {

    static final SessionId ROOM = new SessionId("room");
    static final SessionId OLD = new SessionId("old");
    static final UserId ANA = new UserId("ana");
    static final UserId BEN = new UserId("ben");
    static final TopicId CASE = TopicId.named("case");
    static final TopicId NEWS = TopicId.named("news");
    static final Instant START = Instant.parse("2026-01-01T00:00:00.123456Z");

    /** What may be otherwise. */
    enum Twist {
        NONE,
        TEXT,
        VERSION,
        REACTION,
        RECEIPT,
        RUNNING_REPLY,
        TITLE,
        WAY,
        FILE_NAME,
        CONTENT,
        LOOSE_FILE,
        UPLOAD,
        CHANGE,
        PUBLICATION,
        AUDIENCE,
        SUBSCRIPTION,
        TOKEN,
        USER,
        AUDIT
    }

    private final Replacements.Durable stores = empty();
    private final Twist twist;
    private int ids;
    private long seconds;

    private FilledStore(Twist twist) {
        this.twist = twist;
    }

    static Replacements.Durable empty() {
        InMemoryConversationStore all = new InMemoryConversationStore();
        return new Replacements.Durable(
                all.sessions(), all.messages(), all.replies(), all.revocations(), all.audit(), all.topics(), all.attachments(),
                new InMemoryBlobStore());
    }

    static Replacements.Durable with(Twist twist) {
        FilledStore filled = new FilledStore(twist);
        filled.oldRoom();
        filled.room();
        filled.files();
        filled.topics();
        filled.rest();
        return filled.stores;
    }

    /** A room whose first changes are forgotten: among them a file that came, an edit, and a deletion. */
    private void oldRoom() {
        open(OLD);
        Attachment file = kept("old-file", "an old file");
        append(OLD, Change.AttachmentAdded.of(file, ANA));
        Message first = say(OLD, "Before the edit", List.of(file));
        edit(first.id(), twisted(Twist.VERSION, "In between"));
        edit(first.id(), "After the edit");
        Message regretted = say(OLD, "To be deleted", List.of());
        append(OLD, new Change.MessageDeleted(now(regretted.id()).asDeleted(tick()), ANA));
        Message late = say(OLD, "Edited and deleted late", List.of());
        Instant forgotten = tick();
        edit(late.id(), "Edited late");
        append(OLD, new Change.MessageDeleted(now(late.id()).asDeleted(tick()), ANA));
        say(OLD, "Still known", List.of());
        edit(first.id(), "Edited after that too");
        stores.sessions().forgetChanges(forgotten);
    }

    private void room() {
        open(ROOM);
        Message first = say(ROOM, twisted(Twist.TEXT, "Hello"), List.of());
        edit(first.id(), "Hello there");
        append(ROOM, new Change.ReactionChanged(
                now(first.id()).toggled(BEN, twisted(Twist.REACTION, "👍")), BEN, twisted(Twist.REACTION, "👍"), true));
        append(ROOM, new Change.ReceiptGiven(
                now(first.id()).received(BEN, twist == Twist.RECEIPT ? Receipt.DELIVERED : Receipt.READ, tick()),
                BEN,
                twist == Twist.RECEIPT ? Receipt.DELIVERED : Receipt.READ));
        Attachment gone = kept("gone-file", "a file that goes");
        append(ROOM, Change.AttachmentAdded.of(gone, BEN));
        append(ROOM, new Change.AttachmentRemoved(gone.id(), BEN));
        stores.attachments().remove(gone.id());
        Attachment stays = kept("room-file", twisted(Twist.CONTENT, "a file that stays"));
        append(ROOM, Change.AttachmentAdded.of(stays, ANA));
        say(ROOM, "With a file", List.of(stays));
        Message question = say(ROOM, "A question?", List.of());
        Message answer = asked(question);
        append(ROOM, new Change.ReplyEnded(now(answer.id()).replied("An answer", ended(question))));
        append(ROOM, new Change.SessionChanged(session(ROOM).withTitle(twisted(Twist.TITLE, "A title")),
                twist == Twist.CHANGE ? BEN : ANA));
        Message running = asked(question);
        stores.replies().checkpoint(running.id(), 1, 0, twisted(Twist.RUNNING_REPLY, "Half an ans"));
        stores.sessions().reach(ROOM, BEN, twist == Twist.WAY ? 3 : 5);
    }

    private void files() {
        kept("loose-file", "in no session");
        if (twist == Twist.LOOSE_FILE) {
            kept("another-loose-file", "in no session");
        }
        Upload upload = new Upload(
                new AttachmentId(twist == Twist.UPLOAD ? "upload-2" : "upload"), BEN, Optional.of(ROOM), FileName.of("half.txt"),
                new MimeType("text/plain"), 40, true, tick(), tick());
        stores.attachments().begin(upload, Long.MAX_VALUE);
        for (int piece : List.of(0, 1, 3)) {
            stores.blobs().write(upload.id(), piece, bytes("piece " + piece));
        }
    }

    private void topics() {
        stores.topics().setAudience(CASE, new Audience.Only(Set.of(ANA)));
        stores.topics().append(CASE, tick(), new Publication.Update("progress", twisted(Twist.PUBLICATION, "{}")));
        if (twist == Twist.AUDIENCE) {
            stores.topics().append(CASE, tick(), new Publication.Anomaly("{}"));
        }
        stores.topics().setAudience(CASE, new Audience.Only(Set.of(ANA, BEN)));
        if (twist != Twist.AUDIENCE) {
            stores.topics().append(CASE, tick(), new Publication.Anomaly("{}"));
        }
        stores.topics().subscribe(ROOM, CASE, now(), now().plus(Subscription.OUTLIVES_CONNECTIONS));
        stores.topics().append(CASE, tick(), new Publication.Notification("{}"));
        stores.topics()
                .subscribe(twist == Twist.SUBSCRIPTION ? OLD : ROOM, NEWS, now(), now().plus(Subscription.OUTLIVES_CONNECTIONS));
    }

    private void rest() {
        stores.revocations().revokeToken(twisted(Twist.TOKEN, "token"), tick());
        stores.revocations().revokeUser(BEN, twist == Twist.USER ? START.plusSeconds(900) : START.plusSeconds(800));
        for (String action : List.of("announce", "announce", "revoke")) {
            stores.audit().record(new AuditTrail.Entry(START, ANA, twisted(Twist.AUDIT, action), "ben"));
        }
    }

    /** When everything has happened. */
    static Instant now() {
        return START.plusSeconds(1000);
    }

    private String twisted(Twist here, String text) {
        return twist == here ? text + "!" : text;
    }

    private Instant tick() {
        return START.plusSeconds(++seconds);
    }

    private void open(SessionId id) {
        Instant at = tick();
        Session session = Session.fresh(id, Optional.of(new Member(ANA, "Ana", at)), Visibility.GROUP, Optional.empty(), at)
                .withMember(new Member(BEN, "Ben", at));
        stores.sessions().write(id, step -> step.append(at, new Change.SessionOpened(session)));
    }

    private void append(SessionId session, Change.Body body) {
        Instant at = tick();
        stores.sessions().write(session, step -> step.append(at, body));
    }

    private Message say(SessionId session, String text, List<Attachment> files) {
        Instant at = tick();
        Message message = Message.written(
                new MessageId("m" + ++ids), session, Optional.empty(), new Author.Person(ANA, "Ana"), Role.USER, text, at,
                Optional.of("c" + ids), ClientMetadata.NONE)
                .withAttachments(files);
        stores.sessions().write(session, step -> step.append(at, new Change.MessageAdded(message)));
        return message;
    }

    private void edit(MessageId id, String text) {
        Instant at = tick();
        Message before = now(id);
        stores.sessions()
                .write(before.session(), step -> step.append(at, new Change.MessageEdited(before.edited(text, at), ANA)));
    }

    private Message asked(Message question) {
        Instant at = tick();
        Message place = Message.written(
                new MessageId("m" + ++ids), question.session(), Optional.empty(), new Author.Agent("helper", "Helper"),
                Role.ASSISTANT, "", at, Optional.empty(), ClientMetadata.NONE)
                .replied("", ReplyFacts.requested(question.id(), List.of()));
        Reply record = Reply.requested(place.id(), place.session(), question.id(), ANA, at, new NodeId("node"));
        stores.sessions().write(place.session(), step -> step.append(at, new Change.ReplyStarted(place), record));
        return place;
    }

    private static ReplyFacts ended(Message question) {
        return new ReplyFacts(
                question.id(), ReplyStatus.COMPLETED, Optional.empty(), "model", false, Optional.of(3), Optional.empty(),
                Optional.empty(), List.of(), Optional.empty());
    }

    private Attachment kept(String id, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        Attachment file = new Attachment(
                new AttachmentId(id), ANA, FileName.of(twisted(Twist.FILE_NAME, id)), new MimeType("text/plain"), bytes.length,
                tick(), new Attachment.Kept(Sha256.of(bytes)));
        stores.attachments()
                .begin(
                        new Upload(file.id(), ANA, Optional.empty(), file.name(), file.mimeType(), file.size(), true, tick(),
                                tick()),
                        Long.MAX_VALUE);
        stores.blobs().write(file.id(), 0, ByteBuffer.wrap(bytes));
        try (BlobStore.Draft draft = stores.blobs().assemble(file.id(), 1)) {
            draft.keep(file.addedAt());
        }
        stores.blobs().discard(file.id());
        stores.attachments().finish(file);
        return file;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private Session session(SessionId id) {
        return stores.sessions().find(id).orElseThrow();
    }

    private Message now(MessageId id) {
        return stores.messages().find(id).orElseThrow();
    }
}
