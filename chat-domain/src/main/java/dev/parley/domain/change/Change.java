package dev.parley.domain.change;

import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import java.time.Instant;
import java.util.Optional;

/**
 * One durable fact of a session, at the session's next position: 1, 2, 3, without gaps.
 *
 * <p>The messages and sessions inside are as they are when the change is read, not as they were when it happened: whoever
 * reads a message's first change after its deletion sees that it is deleted, and no text that is gone comes back.
 */
public record Change(SessionId session, long position, Instant at, Body body) {

    /** What happened. */
    public sealed interface Body {}

    /** The session was made. Always at position 1. */
    public record SessionOpened(Session session) implements Body {}

    /** Title, visibility, settings or client changed. */
    public record SessionChanged(Session session, UserId by) implements Body {}

    /** The session ended for good. */
    public record SessionClosed(Session session, UserId by) implements Body {}

    /** Somebody became a member. */
    public record MemberJoined(Session session, UserId user, String name) implements Body {}

    /** Somebody is no member any more; {@code by} is the same user when they left by themselves. */
    public record MemberLeft(Session session, UserId user, UserId by) implements Body {}

    /** Somebody said something. */
    public record MessageAdded(Message message) implements Body {}

    /** A message says something else now. */
    public record MessageEdited(Message message, UserId by) implements Body {}

    /** A message says nothing any more. */
    public record MessageDeleted(Message message, UserId by) implements Body {}

    /** Somebody added or took back a reaction. */
    public record ReactionChanged(Message message, UserId user, String emoji, boolean added) implements Body {}

    /** Somebody judged a reply. */
    public record FeedbackGiven(Message message, UserId user, Feedback feedback) implements Body {}

    /** A message came to, or was read by, a member. */
    public record ReceiptGiven(Message message, UserId user, Receipt receipt) implements Body {}

    /** A reply was asked for: {@code message} holds its place. Earlier versions of it are superseded by this. */
    public record ReplyStarted(Message message) implements Body {}

    /** A reply ended: {@code message} is what there is of it. */
    public record ReplyEnded(Message message) implements Body {}

    /**
     * A file came into the session.
     *
     * @param attachment what is known of it; empty once it is not in the session any more
     */
    public record AttachmentAdded(AttachmentId id, Optional<Attachment> attachment, UserId by) implements Body {

        public static AttachmentAdded of(Attachment attachment, UserId by) {
            return new AttachmentAdded(attachment.id(), Optional.of(attachment), by);
        }
    }

    /** A file left the session, and with it the messages it was in. */
    public record AttachmentRemoved(AttachmentId id, UserId by) implements Body {}

    /** A message that was there before has more files, or fewer. */
    public record AttachmentsChanged(Message message, UserId by) implements Body {}
}
