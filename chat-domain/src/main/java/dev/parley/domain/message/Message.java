package dev.parley.domain.message;

import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.session.SessionId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One message of a session as it is now.
 *
 * @param position where it stands: the position of the change that added it
 * @param parent the message it replies to in a thread
 * @param content as written, never trusted as markup; empty once deleted, and while a reply still runs
 * @param clientId what its sender's client called it
 * @param reactions who reacted with what, emojis and people in the order they came
 * @param feedback by those who gave some
 * @param deliveredTo since when it is with whom
 * @param readBy since when it was read by whom
 * @param reply what is known of it as a reply; present exactly when a model wrote or is writing it
 * @param attachments its files, in its author's order
 */
public record Message(
        MessageId id,
        SessionId session,
        long position,
        Optional<MessageId> parent,
        Author author,
        Role role,
        String content,
        Instant createdAt,
        Optional<Instant> editedAt,
        Optional<Instant> deletedAt,
        Optional<String> clientId,
        ClientMetadata metadata,
        Map<String, Set<UserId>> reactions,
        Map<UserId, Feedback> feedback,
        Map<UserId, Instant> deliveredTo,
        Map<UserId, Instant> readBy,
        Optional<ReplyFacts> reply,
        List<Attachment> attachments) {

    /** How many files a message may have. */
    public static final int MAX_ATTACHMENTS = 20;

    /** How many different reactions a message may have; each may be of any number of people. */
    public static final int MAX_REACTIONS = 50;

    public Message {
        attachments = List.copyOf(attachments);
        Map<String, Set<UserId>> ordered = new LinkedHashMap<>();
        reactions.forEach((emoji, users) -> {
            if (!users.isEmpty()) {
                ordered.put(emoji, Collections.unmodifiableSet(new LinkedHashSet<>(users)));
            }
        });
        reactions = Collections.unmodifiableMap(ordered);
        feedback = Collections.unmodifiableMap(new LinkedHashMap<>(feedback));
        deliveredTo = Collections.unmodifiableMap(new LinkedHashMap<>(deliveredTo));
        readBy = Collections.unmodifiableMap(new LinkedHashMap<>(readBy));
    }

    /** A message that nobody has done anything with; its position is given to it when it is stored. */
    public static Message written(
            MessageId id,
            SessionId session,
            Optional<MessageId> parent,
            Author author,
            Role role,
            String content,
            Instant now,
            Optional<String> clientId,
            ClientMetadata metadata) {
        return new Message(
                id,
                session,
                0,
                parent,
                author,
                role,
                content,
                now,
                Optional.empty(),
                Optional.empty(),
                clientId,
                metadata,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                List.of());
    }

    public boolean deleted() {
        return deletedAt.isPresent();
    }

    /** Whether a model is still to write it, or is writing it. */
    public boolean running() {
        return reply.isPresent() && !reply.get().status().ended();
    }

    public Message at(long newPosition) {
        return copy(newPosition, content, editedAt, deletedAt, reactions, feedback, deliveredTo, readBy, reply);
    }

    public Message edited(String newContent, Instant at) {
        return copy(position, newContent, Optional.of(at), deletedAt, reactions, feedback, deliveredTo, readBy, reply);
    }

    /** The place it had: nothing of what it said or gathered is left. */
    public Message asDeleted(Instant at) {
        return new Message(
                id,
                session,
                position,
                parent,
                author,
                role,
                "",
                createdAt,
                editedAt,
                Optional.of(at),
                clientId,
                ClientMetadata.NONE,
                Map.of(),
                Map.of(),
                deliveredTo,
                readBy,
                reply,
                List.of());
    }

    /** With {@code user}'s reaction added if it was not there, and removed if it was. */
    public Message toggled(UserId user, String emoji) {
        Map<String, Set<UserId>> changed = new LinkedHashMap<>(reactions);
        Set<UserId> users = new LinkedHashSet<>(changed.getOrDefault(emoji, Set.of()));
        if (!users.remove(user)) {
            users.add(user);
        }
        changed.put(emoji, users);
        return copy(position, content, editedAt, deletedAt, changed, feedback, deliveredTo, readBy, reply);
    }

    public boolean reacted(UserId user, String emoji) {
        return reactions.getOrDefault(emoji, Set.of()).contains(user);
    }

    public Message rated(UserId user, Feedback given) {
        Map<UserId, Feedback> changed = new LinkedHashMap<>(feedback);
        changed.put(user, given);
        return copy(position, content, editedAt, deletedAt, reactions, changed, deliveredTo, readBy, reply);
    }

    /** With the receipt noted; the first time counts, and what is read is delivered. */
    public Message received(UserId user, Receipt receipt, Instant at) {
        Map<UserId, Instant> delivered = new LinkedHashMap<>(deliveredTo);
        delivered.putIfAbsent(user, at);
        Map<UserId, Instant> read = new LinkedHashMap<>(readBy);
        if (receipt == Receipt.READ) {
            read.putIfAbsent(user, at);
        }
        return copy(position, content, editedAt, deletedAt, reactions, feedback, delivered, read, reply);
    }

    /** As a reply in its present state, saying {@code text}. */
    public Message replied(String text, ReplyFacts facts) {
        return copy(
                position, text, editedAt, deletedAt, reactions, feedback, deliveredTo, readBy, Optional.of(facts));
    }

    public Message withAuthor(Author newAuthor) {
        return new Message(
                id,
                session,
                position,
                parent,
                newAuthor,
                role,
                content,
                createdAt,
                editedAt,
                deletedAt,
                clientId,
                metadata,
                reactions,
                feedback,
                deliveredTo,
                readBy,
                reply,
                attachments);
    }

    public Message withAttachments(List<Attachment> files) {
        return new Message(
                id,
                session,
                position,
                parent,
                author,
                role,
                content,
                createdAt,
                editedAt,
                deletedAt,
                clientId,
                metadata,
                reactions,
                feedback,
                deliveredTo,
                readBy,
                reply,
                files);
    }

    /** Without the file, if it had it. */
    public Message without(AttachmentId file) {
        return withAttachments(
                attachments.stream().filter(has -> !has.id().equals(file)).toList());
    }

    public boolean has(AttachmentId file) {
        return attachments.stream().anyMatch(has -> has.id().equals(file));
    }

    private Message copy(
            long newPosition,
            String newContent,
            Optional<Instant> newEditedAt,
            Optional<Instant> newDeletedAt,
            Map<String, Set<UserId>> newReactions,
            Map<UserId, Feedback> newFeedback,
            Map<UserId, Instant> newDeliveredTo,
            Map<UserId, Instant> newReadBy,
            Optional<ReplyFacts> newReply) {
        return new Message(
                id,
                session,
                newPosition,
                parent,
                author,
                role,
                newContent,
                createdAt,
                newEditedAt,
                newDeletedAt,
                clientId,
                metadata,
                newReactions,
                newFeedback,
                newDeliveredTo,
                newReadBy,
                newReply,
                attachments);
    }
}
