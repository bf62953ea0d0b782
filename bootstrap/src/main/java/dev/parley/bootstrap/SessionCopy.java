package dev.parley.bootstrap;

import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Version;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.store.SessionTransaction;
import dev.parley.domain.store.Slice;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes a session happen again in another store, change by change at the same positions. Changes are read as things are now, so each is
 * written with the present state, but for what a message said: its versions are told again in their order.
 */
final class SessionCopy {

    private static final int AT_ONCE = 50;

    private final Replacements.Durable from;
    private final Replacements.Durable to;

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
        Past past = new Past(session);
        for (long at = 0; at < session.position(); at += AT_ONCE) {
            List<Change> part = past.next(AT_ONCE);
            if (part.getLast().position() > there) {
                List<Retold> retold = part.stream().map(past::retold).toList();
                to.sessions().write(id, transaction -> write(transaction, retold));
            } else {
                part.forEach(past::retold);
            }
        }
        for (Member member : session.members()) {
            OptionalLong reach = from.sessions().reachOf(id, member.user());
            reach.ifPresent(position -> to.sessions().reach(id, member.user(), position));
        }
        to.sessions().touch(id, session.lastActivity());
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

    /** An edit whose change is forgotten. {@code replaced} what the message said before it */
    private record Edit(Message message, Version replaced) {}

    /** A session's changes from the first on; in the place of those that are forgotten stands what they left. */
    private final class Past {

        private final Session session;
        private final long forgotten;
        private final Map<Long, Message> placed = new HashMap<>();
        private final Map<MessageId, List<Version>> versions = new HashMap<>();
        /** How many of a message's versions were told. */
        private final Map<MessageId, Integer> told = new HashMap<>();
        /** Edits whose changes are forgotten and whose messages were told. */
        private final Deque<Edit> edits = new ArrayDeque<>();
        private final Map<MessageId, Integer> kept = new HashMap<>();
        private Instant last;
        private long position;

        Past(Session session) {
            this.session = session;
            this.forgotten = forgotten();
            this.last = session.startedAt();
            if (forgotten > 0) {
                readMessages();
                countKeptEdits();
            }
        }

        List<Change> next(int limit) {
            List<Change> part = new ArrayList<>();
            while (part.size() < limit && position < Math.min(forgotten, session.position())) {
                part.add(left(++position));
            }
            if (part.size() < limit && position < session.position()) {
                part.addAll(changes(position, limit - part.size()));
                position = part.getLast().position();
            }
            return part;
        }

        Retold retold(Change change) {
            last = change.at();
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
                // The file is gone, and its removal comes later.
                case Change.AttachmentAdded(var file, var facts, UserId by) when facts.isEmpty() ->
                        new Change.SessionChanged(session, by);
                case Change.AttachmentAdded same -> same;
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

        private Change left(long at) {
            Message message = placed.get(at);
            if (message != null) {
                List<Version> all = from.messages().versions(message.id());
                all.subList(0, all.size() - kept.getOrDefault(message.id(), 0))
                        .forEach(version -> edits.add(new Edit(message, version)));
                return change(at, message.createdAt(), message.reply().isPresent()
                        ? new Change.ReplyStarted(message)
                        : new Change.MessageAdded(message));
            }
            if (at == 1) {
                return change(at, session.startedAt(), new Change.SessionOpened(session));
            }
            Edit edit = edits.poll();
            if (edit != null) {
                return change(
                        at,
                        edit.replaced().replacedAt(),
                        new Change.MessageEdited(edit.message(), edit.replaced().replacedBy()));
            }
            UserId somebody = session.owner().orElseGet(StoreCopy::nobody);
            return change(at, last, new Change.SessionChanged(session, somebody));
        }

        private Change change(long at, Instant when, Change.Body body) {
            return new Change(session.id(), at, when, body);
        }

        private List<Change> changes(long after, int limit) {
            return switch (from.sessions().changesAfter(session.id(), after, limit)) {
                case SessionStore.Feed.Changes(List<Change> changes) -> changes;
                case SessionStore.Feed.Lost() -> throw new CorruptDataException(
                        "Expected the changes of session " + session.id() + " after " + after + ", found none");
            };
        }

        /** The position of the newest change that is forgotten: what comes after it is all there. */
        private long forgotten() {
            long low = 0;
            long high = session.position();
            while (low < high) {
                long middle = (low + high) / 2;
                if (from.sessions().changesAfter(session.id(), middle, 1) instanceof SessionStore.Feed.Lost) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        private void readMessages() {
            long offset = 0;
            List<Message> part = from.messages().page(session.id(), new Slice.FromOldest(offset, 200)).items();
            while (!part.isEmpty()) {
                part.stream().filter(message -> message.position() <= forgotten).forEach(m -> placed.put(m.position(), m));
                offset += part.size();
                part = from.messages().page(session.id(), new Slice.FromOldest(offset, 200)).items();
            }
        }

        private void countKeptEdits() {
            long at = forgotten;
            while (at < session.position()) {
                List<Change> part = changes(at, 200);
                for (Change change : part) {
                    if (change.body() instanceof Change.MessageEdited(Message message, UserId by)) {
                        kept.merge(message.id(), 1, Integer::sum);
                    }
                }
                at = part.getLast().position();
            }
        }
    }
}
