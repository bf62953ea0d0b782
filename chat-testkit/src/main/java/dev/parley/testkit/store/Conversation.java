package dev.parley.testkit.store;

import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Version;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** One session with everything in it. */
final class Conversation {
    private Session session;
    private final Map<MessageId, Message> messages = new LinkedHashMap<>();
    private final Map<MessageId, List<Version>> versions = new LinkedHashMap<>();
    private final Map<MessageId, Reply> replies = new LinkedHashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final Map<UserId, Long> reaches = new HashMap<>();
    private long forgotten;
    private final Map<AttachmentId, Attachment> attachments = new LinkedHashMap<>();

    Conversation(Session session) {
        this.session = session;
    }

    Session session() {
        return session;
    }

    void session(Session now) {
        this.session = now;
    }

    void reach(UserId user, long position) {
        reaches.merge(user, position, Math::max);
    }

    OptionalLong reachOf(UserId user) {
        Long reach = reaches.get(user);
        return reach == null ? OptionalLong.empty() : OptionalLong.of(reach);
    }

    Optional<Message> message(MessageId id) {
        return Optional.ofNullable(messages.get(id));
    }

    /** In the order of their positions. */
    List<Message> messages() {
        return List.copyOf(messages.values());
    }

    void put(Message message) {
        messages.put(message.id(), message);
    }

    void drop(MessageId id) {
        messages.remove(id);
    }

    List<Version> versions(MessageId id) {
        return versions.getOrDefault(id, List.of());
    }

    void versions(MessageId id, List<Version> now) {
        versions.put(id, now);
    }

    Optional<Reply> reply(MessageId id) {
        return Optional.ofNullable(replies.get(id));
    }

    List<Reply> replies() {
        return List.copyOf(replies.values());
    }

    void put(Reply reply) {
        replies.put(reply.id(), reply);
    }

    void endReply(MessageId id) {
        replies.remove(id);
    }

    Optional<Attachment> attachment(AttachmentId id) {
        return Optional.ofNullable(attachments.get(id));
    }

    /** In the order they came. */
    List<Attachment> attachments() {
        return List.copyOf(attachments.values());
    }

    void put(Attachment attachment) {
        attachments.put(attachment.id(), attachment);
    }

    void drop(AttachmentId id) {
        attachments.remove(id);
    }

    /** Puts everything back as it was. */
    void attachments(List<Attachment> before) {
        attachments.clear();
        before.forEach(this::put);
    }

    void add(Change change) {
        changes.add(change);
    }

    void dropLastChange() {
        changes.remove(changes.size() - 1);
    }

    /** The position of the newest change that is forgotten, 0 if none is. */
    long forgotten() {
        return forgotten;
    }

    /** Forgets what happened before; tells how much. */
    long forget(Instant before) {
        int kept = 0;
        while (kept < changes.size() - 1 && changes.get(kept).at().isBefore(before)) {
            kept++;
        }
        changes.subList(0, kept).clear();
        forgotten += kept;
        return kept;
    }

    /** The changes behind {@code position}, at most {@code limit}, with everything in them as it is now. */
    List<Change> changesAfter(long position, int limit) {
        return changes.stream().skip(position - forgotten).limit(limit).map(this::refreshed).toList();
    }

    private Change refreshed(Change change) {
        return new Change(change.session(), change.position(), change.at(), refreshed(change.body()));
    }

    private Change.Body refreshed(Change.Body body) {
        return switch (body) {
            case Change.SessionOpened opened -> new Change.SessionOpened(session);
            case Change.SessionChanged changed -> new Change.SessionChanged(session, changed.by());
            case Change.SessionClosed closed -> new Change.SessionClosed(session, closed.by());
            case Change.MemberJoined joined -> new Change.MemberJoined(session, joined.user(), joined.name());
            case Change.MemberLeft left -> new Change.MemberLeft(session, left.user(), left.by());
            case Change.MessageAdded added -> new Change.MessageAdded(now(added.message()));
            case Change.MessageEdited edited -> new Change.MessageEdited(now(edited.message()), edited.by());
            case Change.MessageDeleted deleted -> new Change.MessageDeleted(now(deleted.message()), deleted.by());
            case Change.ReactionChanged reaction -> new Change.ReactionChanged(
                    now(reaction.message()), reaction.user(), reaction.emoji(), reaction.added());
            case Change.FeedbackGiven given -> new Change.FeedbackGiven(
                    now(given.message()), given.user(), given.feedback());
            case Change.ReceiptGiven given -> new Change.ReceiptGiven(
                    now(given.message()), given.user(), given.receipt());
            case Change.ReplyStarted started -> new Change.ReplyStarted(now(started.message()));
            case Change.ReplyEnded ended -> new Change.ReplyEnded(now(ended.message()));
            case Change.AttachmentAdded added -> new Change.AttachmentAdded(
                    added.id(), attachment(added.id()), added.by());
            case Change.AttachmentRemoved removed -> removed;
            case Change.AttachmentsChanged changed -> new Change.AttachmentsChanged(
                    now(changed.message()), changed.by());
        };
    }

    private Message now(Message then) {
        return Objects.requireNonNull(messages.get(then.id()), "a change names a message that is not there");
    }
}
