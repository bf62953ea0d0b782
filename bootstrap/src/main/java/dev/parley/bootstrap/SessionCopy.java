package dev.parley.bootstrap;

import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Version;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionTransaction;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Makes a session happen again in another store, change by change at the same positions. Changes are read as things are now, so each is
 * written with the present state, but for what a message said: its versions are told again in their order. A step is whole or not
 * there, so whoever begins anew finds out from the session's position how far it got.
 */
final class SessionCopy {

    private static final int AT_ONCE = 50;

    private final Replacements.Durable from;
    private final Replacements.Durable to;
    private Optional<Instant> newestForgotten = Optional.empty();

    SessionCopy(Replacements.Durable from, Replacements.Durable to) {
        this.from = from;
        this.to = to;
    }

    /** @throws CorruptDataException when another session has the same name there, or it went on there */
    void check(Session session) {
        to.sessions().find(session.id()).ifPresent(there -> {
            boolean same = there.startedAt().equals(session.startedAt()) && there.owner().equals(session.owner());
            if (!same || there.position() > session.position()) {
                throw new CorruptDataException("Expected the other store to have nothing in session " + session.id()
                        + " that is not here, found " + (same ? "later changes" : "another session of that name"));
            }
        });
    }

    void bring(Session session) {
        SessionId id = session.id();
        long there = to.sessions().find(id).map(Session::position).orElse(0L);
        SessionPast past = new SessionPast(from, session);
        Telling telling = new Telling(past.forgotten());
        for (long at = 0; at < session.position(); at += AT_ONCE) {
            List<Retold> retold = past.next(AT_ONCE).stream().map(telling::retold).toList();
            if (retold.getLast().position() > there) {
                to.sessions().write(id, transaction -> write(transaction, retold));
            }
        }
        // What stood for a file that is gone is in no session any more.
        telling.gone.forEach(to.attachments()::remove);
        for (Member member : session.members()) {
            OptionalLong reach = from.sessions().reachOf(id, member.user());
            reach.ifPresent(position -> to.sessions().reach(id, member.user(), position));
        }
        to.sessions().touch(id, session.lastActivity());
    }

    /**
     * Forgets there what is forgotten here: what stands in its place does not tell everything, and whoever would read on from it must
     * begin anew. Whatever is older goes with it, as it does when a server forgets.
     *
     * @return whether there was anything
     */
    boolean forget() {
        newestForgotten.ifPresent(at -> to.sessions().forgetChanges(at.plusNanos(1)));
        return newestForgotten.isPresent();
    }

    private static boolean write(SessionTransaction transaction, List<Retold> changes) {
        for (Retold change : changes) {
            long at = transaction.session().map(Session::position).orElse(0L);
            if (change.position() == at + 1) {
                change.write(transaction);
            }
        }
        return true;
    }

    /** A change as it is written again. */
    private record Retold(long position, Instant at, Change.Body body, Optional<Reply> record) {

        void write(SessionTransaction transaction) {
            Change.Body whole = switch (body) {
                case Change.MessageAdded(Message message) -> new Change.MessageAdded(here(transaction, message));
                case Change.ReplyStarted(Message message) -> new Change.ReplyStarted(here(transaction, message));
                case Change.MessageEdited(Message message, UserId by) ->
                        new Change.MessageEdited(here(transaction, message), by);
                case Change.MessageDeleted(Message message, UserId by) ->
                        new Change.MessageDeleted(here(transaction, message), by);
                case Change.ReactionChanged(Message message, var user, var emoji, var added) ->
                        new Change.ReactionChanged(here(transaction, message), user, emoji, added);
                case Change.FeedbackGiven(Message message, var user, var feedback) ->
                        new Change.FeedbackGiven(here(transaction, message), user, feedback);
                case Change.ReceiptGiven(Message message, var user, var receipt) ->
                        new Change.ReceiptGiven(here(transaction, message), user, receipt);
                case Change.ReplyEnded(Message message) -> new Change.ReplyEnded(here(transaction, message));
                case Change.AttachmentsChanged(Message message, UserId by) ->
                        new Change.AttachmentsChanged(here(transaction, message), by);
                case Change.SessionOpened same -> same;
                case Change.SessionChanged same -> same;
                case Change.SessionClosed same -> same;
                case Change.MemberJoined same -> same;
                case Change.MemberLeft same -> same;
                case Change.AttachmentAdded same -> same;
                case Change.AttachmentRemoved same -> same;
            };
            if (whole instanceof Change.ReplyStarted started && record.isPresent()) {
                transaction.append(at, started, record.get());
            } else {
                transaction.append(at, whole);
            }
        }

        /** With the files that are in the session by now; the others come with their own changes. */
        private static Message here(SessionTransaction transaction, Message message) {
            return message.withAttachments(message.attachments()
                    .stream()
                    .filter(file -> transaction.attachment(file.id()).isPresent())
                    .toList());
        }
    }

    /** Says what changes are written as, one after the other from a session's first. */
    private final class Telling {

        private final long forgotten;
        private final Map<MessageId, List<Version>> versions = new HashMap<>();
        /** How many of a message's versions were told. */
        private final Map<MessageId, Integer> told = new HashMap<>();
        /** Files that nobody knows any more. */
        private final Set<AttachmentId> gone = new HashSet<>();

        Telling(long forgotten) {
            this.forgotten = forgotten;
        }

        Retold retold(Change change) {
            if (change.position() <= forgotten) {
                newestForgotten = Optional.of(newestForgotten
                        .filter(newest -> newest.isAfter(change.at()))
                        .orElse(change.at()));
            }
            Change.Body body = switch (change.body()) {
                case Change.MessageAdded(Message message) -> new Change.MessageAdded(said(message));
                case Change.ReplyStarted(Message message) -> new Change.ReplyStarted(said(message));
                case Change.MessageEdited(Message message, UserId by) -> {
                    told.merge(message.id(), 1, Integer::sum);
                    yield new Change.MessageEdited(said(message), by);
                }
                case Change.ReactionChanged(Message message, var user, var emoji, var added) ->
                        new Change.ReactionChanged(said(message), user, emoji, added);
                case Change.FeedbackGiven(Message message, var user, var feedback) ->
                        new Change.FeedbackGiven(said(message), user, feedback);
                case Change.ReceiptGiven(Message message, var user, var receipt) ->
                        new Change.ReceiptGiven(said(message), user, receipt);
                case Change.ReplyEnded(Message message) -> new Change.ReplyEnded(said(message));
                case Change.AttachmentsChanged(Message message, UserId by) ->
                        new Change.AttachmentsChanged(said(message), by);
                case Change.AttachmentAdded(AttachmentId file, Optional<Attachment> facts, UserId by) ->
                        new Change.AttachmentAdded(file, facts.or(() -> Optional.of(left(file, by, change.at()))), by);
                case Change.MessageDeleted same -> same;
                case Change.SessionOpened same -> same;
                case Change.SessionChanged same -> same;
                case Change.SessionClosed same -> same;
                case Change.MemberJoined same -> same;
                case Change.MemberLeft same -> same;
                case Change.AttachmentRemoved same -> same;
            };
            Optional<Reply> record = body instanceof Change.ReplyStarted(Message message) && message.running()
                    ? from.replies().find(message.id())
                    : Optional.empty();
            return new Retold(change.position(), change.at(), body, record);
        }

        /** A file that is not in the session any more: its removal comes later. What nobody knows any more is made up until then. */
        private Attachment left(AttachmentId file, UserId by, Instant at) {
            return from.attachments().find(file).orElseGet(() -> {
                gone.add(file);
                return new Attachment(
                        file, by, FileName.of("gone"), MimeType.UNKNOWN, 0, at,
                        new Attachment.Linked("https://gone.invalid/", ClientMetadata.NONE));
            });
        }

        /** The message as it was after the edits that were told until now. */
        private Message said(Message message) {
            List<Version> all = versions.computeIfAbsent(
                    message.id(), id -> message.editedAt().isPresent() ? from.messages().versions(id) : List.of());
            int edits = told.getOrDefault(message.id(), 0);
            if (edits >= all.size()) {
                return message;
            }
            Version version = all.get(edits);
            Message then = message.edited(version.content(), version.writtenAt());
            return edits == 0 && version.writtenAt().equals(message.createdAt()) ? unedited(then) : then;
        }

        private static Message unedited(Message message) {
            return new Message(
                    message.id(), message.session(), message.position(), message.parent(), message.author(), message.role(),
                    message.content(), message.createdAt(), Optional.empty(), message.deletedAt(), message.clientId(),
                    message.metadata(), message.reactions(), message.feedback(), message.deliveredTo(), message.readBy(),
                    message.reply(), message.attachments());
        }
    }
}
