package dev.parley.adapter.mongo;

import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.session.Session;
import java.util.Optional;
import org.bson.Document;

/** Changes as documents: what happened and to whom. The state that it led to is read from where it is. */
final class ChangeDocs {
    /** The name under which a kind of change is kept. */
    private enum Kind {
        SESSION_OPENED,
        SESSION_CHANGED,
        SESSION_CLOSED,
        MEMBER_JOINED,
        MEMBER_LEFT,
        MESSAGE_ADDED,
        MESSAGE_EDITED,
        MESSAGE_DELETED,
        REACTION_CHANGED,
        FEEDBACK_GIVEN,
        RECEIPT_GIVEN,
        REPLY_STARTED,
        REPLY_ENDED,
        ATTACHMENT_ADDED,
        ATTACHMENT_REMOVED,
        ATTACHMENTS_CHANGED
    }

    /** Where the state that changes lead to is found. */
    interface Now {
        Session session();

        Message message(MessageId id);

        Optional<Attachment> file(AttachmentId id);
    }

    private ChangeDocs() {}

    static String id(String life, long position) {
        return life + "/" + position;
    }

    static Document write(Change change, String life) {
        return body(change.body())
                .append("_id", id(life, change.position()))
                .append("life", life)
                .append("position", change.position())
                .append("at", Times.nanos(change.at()));
    }

    private static Document body(Change.Body body) {
        return switch (body) {
            case Change.SessionOpened opened -> of(Kind.SESSION_OPENED);
            case Change.SessionChanged(Session session, UserId by) -> by(Kind.SESSION_CHANGED, by);
            case Change.SessionClosed(Session session, UserId by) -> by(Kind.SESSION_CLOSED, by);
            case Change.MemberJoined(Session session, UserId user, String name) ->
                    of(Kind.MEMBER_JOINED).append("user", user.value()).append("name", name);
            case Change.MemberLeft(Session session, UserId user, UserId by) ->
                    by(Kind.MEMBER_LEFT, by).append("user", user.value());
            case Change.MessageAdded(Message message) -> about(of(Kind.MESSAGE_ADDED), message);
            case Change.MessageEdited(Message message, UserId by) -> about(by(Kind.MESSAGE_EDITED, by), message);
            case Change.MessageDeleted(Message message, UserId by) -> about(by(Kind.MESSAGE_DELETED, by), message);
            case Change.ReactionChanged(Message message, UserId user, String emoji, boolean added) ->
                    about(of(Kind.REACTION_CHANGED), message)
                            .append("user", user.value())
                            .append("emoji", emoji)
                            .append("added", added);
            case Change.FeedbackGiven(Message message, UserId user, Feedback feedback) -> {
                Document doc = about(of(Kind.FEEDBACK_GIVEN), message).append("user", user.value());
                Docs.put(doc, "helpful", feedback.helpful());
                Docs.put(doc, "rating", feedback.rating());
                yield doc;
            }
            case Change.ReceiptGiven(Message message, UserId user, Receipt receipt) ->
                    about(of(Kind.RECEIPT_GIVEN), message).append("user", user.value()).append("receipt", receipt.name());
            case Change.ReplyStarted(Message message) -> about(of(Kind.REPLY_STARTED), message);
            case Change.ReplyEnded(Message message) -> about(of(Kind.REPLY_ENDED), message);
            case Change.AttachmentAdded(AttachmentId id, var attachment, UserId by) ->
                    by(Kind.ATTACHMENT_ADDED, by).append("file", id.value());
            case Change.AttachmentRemoved(AttachmentId id, UserId by) ->
                    by(Kind.ATTACHMENT_REMOVED, by).append("file", id.value());
            case Change.AttachmentsChanged(Message message, UserId by) -> about(by(Kind.ATTACHMENTS_CHANGED, by), message);
        };
    }

    private static Document of(Kind kind) {
        return new Document("kind", kind.name());
    }

    private static Document by(Kind kind, UserId by) {
        return of(kind).append("by", by.value());
    }

    private static Document about(Document doc, Message message) {
        return doc.append("message", message.id().value());
    }

    static Change read(Document doc, Now now) {
        return new Change(now.session().id(), Docs.number(doc, "position"), Docs.instant(doc, "at"), read(doc, now, kind(doc)));
    }

    private static Kind kind(Document doc) {
        return Kind.valueOf(Docs.text(doc, "kind"));
    }

    private static Change.Body read(Document doc, Now now, Kind kind) {
        return switch (kind) {
            case SESSION_OPENED -> new Change.SessionOpened(now.session());
            case SESSION_CHANGED -> new Change.SessionChanged(now.session(), user(doc, "by"));
            case SESSION_CLOSED -> new Change.SessionClosed(now.session(), user(doc, "by"));
            case MEMBER_JOINED -> new Change.MemberJoined(now.session(), user(doc, "user"), Docs.text(doc, "name"));
            case MEMBER_LEFT -> new Change.MemberLeft(now.session(), user(doc, "user"), user(doc, "by"));
            case MESSAGE_ADDED -> new Change.MessageAdded(message(doc, now));
            case MESSAGE_EDITED -> new Change.MessageEdited(message(doc, now), user(doc, "by"));
            case MESSAGE_DELETED -> new Change.MessageDeleted(message(doc, now), user(doc, "by"));
            case REACTION_CHANGED -> new Change.ReactionChanged(
                    message(doc, now), user(doc, "user"), Docs.text(doc, "emoji"), Docs.truth(doc, "added"));
            case FEEDBACK_GIVEN -> new Change.FeedbackGiven(
                    message(doc, now),
                    user(doc, "user"),
                    new Feedback(
                            Docs.optionalTruth(doc, "helpful"),
                            Docs.optionalNumber(doc, "rating").map(Math::toIntExact)));
            case RECEIPT_GIVEN -> new Change.ReceiptGiven(
                    message(doc, now), user(doc, "user"), Receipt.valueOf(Docs.text(doc, "receipt")));
            case REPLY_STARTED -> new Change.ReplyStarted(message(doc, now));
            case REPLY_ENDED -> new Change.ReplyEnded(message(doc, now));
            case ATTACHMENT_ADDED -> new Change.AttachmentAdded(file(doc), now.file(file(doc)), user(doc, "by"));
            case ATTACHMENT_REMOVED -> new Change.AttachmentRemoved(file(doc), user(doc, "by"));
            case ATTACHMENTS_CHANGED -> new Change.AttachmentsChanged(message(doc, now), user(doc, "by"));
        };
    }

    private static UserId user(Document doc, String field) {
        return new UserId(Docs.text(doc, field));
    }

    private static Message message(Document doc, Now now) {
        return now.message(new MessageId(Docs.text(doc, "message")));
    }

    private static AttachmentId file(Document doc) {
        return new AttachmentId(Docs.text(doc, "file"));
    }
}
