package dev.parley.testkit.store;

import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.Version;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionTransaction;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Writes straight into memory and remembers how to take it back. */
final class MemoryTransaction implements SessionTransaction {
    private final Memory memory;
    private final SessionId id;
    private final Deque<Runnable> undo = new ArrayDeque<>();

    MemoryTransaction(Memory memory, SessionId id) {
        this.memory = memory;
        this.id = id;
    }

    void rollBack() {
        undo.forEach(Runnable::run);
    }

    @Override
    public Optional<Session> session() {
        return memory.conversation(id).map(Conversation::session);
    }

    @Override
    public Optional<Message> message(MessageId message) {
        return memory.conversation(id).flatMap(conversation -> conversation.message(message));
    }

    @Override
    public Optional<Message> sentAs(ClientKey key) {
        return memory.conversation(id).flatMap(conversation -> MemoryMessageStore.sentAs(conversation, key));
    }

    @Override
    public Optional<Reply> reply(MessageId message) {
        return memory.conversation(id).flatMap(conversation -> conversation.reply(message));
    }

    @Override
    public List<Reply> unfinished() {
        return memory.conversation(id).map(Conversation::replies).orElse(List.of());
    }

    @Override
    public List<Message> repliesTo(MessageId question) {
        return memory.conversation(id)
                .map(Conversation::messages)
                .orElse(List.of())
                .stream()
                .filter(message -> message.reply().isPresent()
                        && message.reply().get().question().equals(question))
                .toList();
    }

    @Override
    public Optional<Attachment> attachment(AttachmentId attachment) {
        return memory.conversation(id).flatMap(conversation -> conversation.attachment(attachment));
    }

    @Override
    public boolean mentioned(AttachmentId attachment) {
        return memory.conversation(id)
                .map(Conversation::messages)
                .orElse(List.of())
                .stream()
                .anyMatch(message -> message.has(attachment));
    }

    @Override
    public Change append(Instant at, Change.ReplyStarted body, Reply record) {
        if (!record.id().equals(body.message().id()) || !record.session().equals(id)) {
            throw new IllegalArgumentException("Expected the record of the reply that starts, found another's");
        }
        Change change = append(at, body);
        Conversation conversation = conversation();
        conversation.put(record);
        undo.push(() -> conversation.endReply(record.id()));
        return change;
    }

    @Override
    public Change append(Instant at, Change.Body body) {
        return switch (body) {
            case Change.SessionOpened opened -> open(at, opened.session());
            case Change.SessionChanged(Session session, var by) -> keep(at, session, now -> new Change.SessionChanged(now, by));
            case Change.SessionClosed(Session session, var by) -> keep(at, session, now -> new Change.SessionClosed(now, by));
            case Change.MemberJoined(Session session, var user, var name) -> keep(
                    at, session, now -> new Change.MemberJoined(now, user, name));
            case Change.MemberLeft(Session session, var user, var by) -> keep(
                    at, session, now -> new Change.MemberLeft(now, user, by));
            case Change.MessageAdded(Message message) -> record(at, new Change.MessageAdded(place(message)));
            case Change.MessageEdited(Message message, var by) -> {
                Version before = before(message(message.id()).orElse(message), at, by);
                Change.MessageEdited edited = new Change.MessageEdited(replace(message), by);
                List<Version> versions = new ArrayList<>(conversation().versions(message.id()));
                versions.add(before);
                versions(message.id(), List.copyOf(versions));
                yield record(at, edited);
            }
            case Change.MessageDeleted(Message message, var by) -> {
                Change.MessageDeleted deleted = new Change.MessageDeleted(replace(message), by);
                versions(message.id(), List.of());
                yield record(at, deleted);
            }
            case Change.ReactionChanged(Message message, var user, var emoji, var added) -> record(
                    at, new Change.ReactionChanged(replace(message), user, emoji, added));
            case Change.FeedbackGiven(Message message, var user, var feedback) -> record(
                    at, new Change.FeedbackGiven(replace(message), user, feedback));
            case Change.ReceiptGiven(Message message, var user, var receipt) -> record(
                    at, new Change.ReceiptGiven(replace(message), user, receipt));
            case Change.ReplyStarted(Message message) -> {
                Change.ReplyStarted started = new Change.ReplyStarted(place(message));
                supersede(message);
                yield record(at, started);
            }
            case Change.ReplyEnded(Message message) -> {
                Change.ReplyEnded ended = new Change.ReplyEnded(replace(message));
                Conversation conversation = conversation();
                conversation.reply(message.id()).ifPresent(reply -> undo.push(() -> conversation.put(reply)));
                conversation.endReply(message.id());
                yield record(at, ended);
            }
            case Change.AttachmentAdded(var file, var facts, var by) -> record(
                    at, new Change.AttachmentAdded(file, Optional.of(bring(facts.orElseThrow())), by));
            case Change.AttachmentRemoved removed -> {
                take(removed.id());
                yield record(at, removed);
            }
            case Change.AttachmentsChanged(Message message, var by) -> record(
                    at, new Change.AttachmentsChanged(replace(message), by));
        };
    }

    private static Version before(Message message, Instant at, UserId by) {
        return new Version(message.content(), message.editedAt().orElse(message.createdAt()), at, by);
    }

    private Conversation conversation() {
        return memory.conversation(id)
                .orElseThrow(() -> new IllegalStateException(
                        "Expected a session's first change to open it, found a change of a session that is not there"));
    }

    private Change open(Instant at, Session session) {
        if (memory.conversation(id).isPresent()) {
            throw new IllegalStateException("Expected a session to be opened once, found it open already");
        }
        check(session.id());
        memory.add(new Conversation(session.at(0, at)));
        undo.push(() -> memory.remove(id));
        return keep(at, session, Change.SessionOpened::new);
    }

    private interface SessionBody {
        Change.Body with(Session session);
    }

    private Change keep(Instant at, Session session, SessionBody body) {
        check(session.id());
        Conversation conversation = conversation();
        Session before = conversation.session();
        conversation.session(session.at(before.position(), at));
        undo.push(() -> conversation.session(before));
        Session now = conversation.session().at(before.position() + 1, at);
        return record(at, body.with(now));
    }

    private Change record(Instant at, Change.Body body) {
        Conversation conversation = conversation();
        Session before = conversation.session();
        Change change = new Change(id, before.position() + 1, at, body);
        conversation.add(change);
        conversation.session(before.at(change.position(), at));
        undo.push(() -> {
            conversation.session(before);
            conversation.dropLastChange();
        });
        return change;
    }

    private Message place(Message message) {
        check(message.session());
        Conversation conversation = conversation();
        if (memory.taken(message.id())) {
            throw new IllegalStateException("Expected a new message id, found one that is taken");
        }
        Message placed = message.at(conversation.session().position() + 1);
        conversation.put(placed);
        memory.settle(message.id(), id);
        undo.push(() -> {
            conversation.drop(message.id());
            memory.release(message.id());
        });
        return placed;
    }

    private Attachment bring(Attachment attachment) {
        Conversation conversation = conversation();
        List<Attachment> before = conversation.attachments();
        Attachment known = memory.attachments().get(attachment.id());
        if (known == null) {
            memory.attachments().put(attachment.id(), attachment);
            undo.push(() -> memory.attachments().remove(attachment.id()));
        }
        Attachment facts = known == null ? attachment : known;
        conversation.put(facts);
        undo.push(() -> conversation.attachments(before));
        return facts;
    }

    private void take(AttachmentId attachment) {
        Conversation conversation = conversation();
        List<Attachment> before = conversation.attachments();
        conversation.messages()
                .stream()
                .filter(message -> message.has(attachment))
                .forEach(message -> replace(message.without(attachment)));
        conversation.drop(attachment);
        undo.push(() -> conversation.attachments(before));
    }

    private Message replace(Message message) {
        check(message.session());
        Conversation conversation = conversation();
        Message before = conversation.message(message.id())
                .orElseThrow(() -> new IllegalStateException(
                        "Expected a message of the session, found one that is not in it"));
        Message now = message.at(before.position());
        conversation.put(now);
        undo.push(() -> conversation.put(before));
        return now;
    }

    private void versions(MessageId message, List<Version> now) {
        Conversation conversation = conversation();
        List<Version> before = conversation.versions(message);
        conversation.versions(message, now);
        undo.push(() -> conversation.versions(message, before));
    }

    private void supersede(Message newer) {
        for (MessageId earlier : newer.reply().map(ReplyFacts::versions).orElse(List.of())) {
            message(earlier).ifPresent(message -> message.reply()
                    .filter(facts -> facts.supersededBy().isEmpty())
                    .ifPresent(facts -> replace(message.replied(message.content(), facts.supersededBy(newer.id())))));
        }
    }

    private void check(SessionId of) {
        if (!of.equals(id)) {
            throw new IllegalArgumentException("Expected a change of the step's session, found another's");
        }
    }
}
