package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionTransaction;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One step on the writer's thread; it writes at once, and the writer undoes it when the work fails. */
final class StepTransaction implements SessionTransaction {
    private final Tables tables;
    private final Sql sql;
    private final SessionId id;

    /** Messages of the session as they are now, of those that were asked for. */
    private final Map<MessageId, MessageRows.Stored> read = new HashMap<>(4);

    /** Messages that this step added, and that nothing answers yet. */
    private final Set<MessageId> unanswered = new HashSet<>(4);

    /** The number of the message that was added last. */
    private long added;

    /** Whether the session's row is behind what is known of the session. */
    private boolean moved;

    StepTransaction(Tables tables, SessionId id) {
        this.tables = tables;
        this.sql = tables.sql();
        this.id = id;
    }

    @Override
    public Optional<Session> session() {
        return tables.session(id).map(Known::session);
    }

    @Override
    public Optional<Message> message(MessageId message) {
        return stored(message).map(MessageRows.Stored::message);
    }

    private Optional<MessageRows.Stored> stored(MessageId message) {
        MessageRows.Stored known = read.get(message);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<MessageRows.Stored> found = tables.session(id)
                .flatMap(in -> MessageRows.one(sql, "WHERE m.id = ? AND m.session = ?", message.value(), in.n()));
        found.ifPresent(stored -> read.put(message, stored));
        return found;
    }

    @Override
    public Optional<Message> sentAs(ClientKey key) {
        return tables.session(id)
                .filter(known -> !tables.names().surelyNew(id, key.clientId()))
                .flatMap(known -> known.recentlySent(key)
                        .flatMap(n -> MessageRows.one(sql, "WHERE m.n = ?", n).map(MessageRows.Stored::message))
                        .or(() -> SqliteMessageStore.settledSentAs(sql, known.n(), key)));
    }

    @Override
    public Optional<Reply> reply(MessageId message) {
        return tables.session(id).flatMap(known -> ReplyRows.find(sql, message).filter(reply -> reply.session().equals(id)));
    }

    @Override
    public List<Reply> unfinished() {
        return tables.session(id).map(known -> ReplyRows.of(sql, known.n())).orElse(List.of());
    }

    @Override
    public List<Message> repliesTo(MessageId question) {
        if (unanswered.contains(question)) {
            return List.of();
        }
        return tables.session(id)
                .map(known -> MessageRows.messages(
                        sql, "WHERE m.question = ? AND m.session = ? ORDER BY m.position", question.value(), known.n()))
                .orElse(List.of());
    }

    @Override
    public Optional<Attachment> attachment(AttachmentId attachment) {
        return tables.session(id).flatMap(known -> AttachmentRows.find(sql, known.n(), attachment));
    }

    @Override
    public boolean mentioned(AttachmentId attachment) {
        return tables.session(id)
                .map(known -> AttachmentRows.mentioned(sql, known.n(), attachment))
                .orElse(false);
    }

    @Override
    public Change append(Instant at, Change.ReplyStarted body, Reply record) {
        if (!record.id().equals(body.message().id()) || !record.session().equals(id)) {
            throw new IllegalArgumentException("Expected the record of the reply that starts, found another's");
        }
        Change change = append(at, body);
        ReplyRows.insert(sql, added, known().n(), record);
        return change;
    }

    @Override
    public Change append(Instant at, Change.Body body) {
        Change change = write(at, body);
        tables.happened(change);
        return change;
    }

    private Change write(Instant at, Change.Body body) {
        return switch (body) {
            case Change.SessionOpened(Session session) -> open(at, session);
            case Change.SessionChanged(Session session, UserId by) -> keep(
                    at, session, now -> new Change.SessionChanged(now, by));
            case Change.SessionClosed(Session session, UserId by) -> keep(
                    at, session, now -> new Change.SessionClosed(now, by));
            case Change.MemberJoined(Session session, UserId user, String name) -> keep(
                    at, session, now -> new Change.MemberJoined(now, user, name));
            case Change.MemberLeft(Session session, UserId user, UserId by) -> keep(
                    at, session, now -> new Change.MemberLeft(now, user, by));
            case Change.MessageAdded(Message message) -> {
                Message placed = place(at, message, false);
                yield new Change(id, placed.position(), at, new Change.MessageAdded(placed));
            }
            case Change.ReplyStarted(Message message) -> {
                Message placed = place(at, message, true);
                supersede(placed);
                yield new Change(id, placed.position(), at, new Change.ReplyStarted(placed));
            }
            case Change.MessageEdited(Message message, UserId by) -> edit(at, message, by);
            case Change.MessageDeleted(Message message, UserId by) -> {
                long n = replace(message);
                sql.update("DELETE FROM version WHERE message = ?", n);
                yield record(at, n, now -> new Change.MessageDeleted(now, by), message);
            }
            case Change.ReactionChanged(Message message, var user, var emoji, var added) -> record(
                    at, replace(message), now -> new Change.ReactionChanged(now, user, emoji, added), message);
            case Change.FeedbackGiven(Message message, var user, var feedback) -> record(
                    at, replace(message), now -> new Change.FeedbackGiven(now, user, feedback), message);
            case Change.ReceiptGiven(Message message, var user, var receipt) -> record(
                    at, replace(message), now -> new Change.ReceiptGiven(now, user, receipt), message);
            case Change.ReplyEnded(Message message) -> {
                long n = replace(message);
                ReplyRows.end(sql, n);
                yield record(at, n, Change.ReplyEnded::new, message);
            }
            case Change.AttachmentAdded(AttachmentId file, var facts, UserId by) -> {
                AttachmentRows.insert(sql, facts.orElseThrow());
                AttachmentRows.bring(sql, known().n(), file);
                yield advance(at, now -> new Change.AttachmentAdded(file, attachment(file), by));
            }
            case Change.AttachmentRemoved removed -> {
                AttachmentRows.take(sql, known().n(), removed.id());
                yield advance(at, now -> removed);
            }
            case Change.AttachmentsChanged(Message message, UserId by) -> record(
                    at, replace(message), now -> new Change.AttachmentsChanged(now, by), message);
        };
    }

    private Known known() {
        return tables.session(id)
                .orElseThrow(() -> new IllegalStateException(
                        "Expected a session's first change to open it, found a change of a session that is not there"));
    }

    private Change open(Instant at, Session session) {
        check(session.id());
        if (tables.session(id).isPresent()) {
            throw new IllegalStateException("Expected a session to be opened once, found it open already");
        }
        long n = tables.nextNumber("session");
        SessionRows.insert(sql, n, session);
        tables.put(new Known(n, session.at(0, session.lastActivity()), 0, null));
        tables.names().begin(id, List.of());
        return advance(at, Change.SessionOpened::new);
    }

    private Change keep(Instant at, Session session, Function<Session, Change.Body> body) {
        check(session.id());
        Known known = known();
        Session now = session.at(known.session().position(), known.session().lastActivity());
        SessionRows.change(sql, known.n(), known.session(), now);
        tables.put(known.with(now));
        return advance(at, body);
    }

    /** Takes the next position for a change of the session itself. */
    private Change advance(Instant at, Function<Session, Change.Body> body) {
        Session now = step(at, known());
        Change change = new Change(id, now.position(), at, body.apply(now));
        ChangeRows.insert(sql, known().n(), Optional.empty(), change);
        return change;
    }

    /** Moves the session to its next position. */
    private Session step(Instant at, Known known) {
        Session now = known.session().at(known.session().position() + 1, at);
        tables.put(known.with(now));
        moved = true;
        return now;
    }

    /** Writes the session's row once for all changes; the last thing that a step does. */
    void finish() {
        if (moved) {
            SessionRows.state(sql, known());
            moved = false;
        }
    }

    private Message place(Instant at, Message message, boolean started) {
        check(message.session());
        Known known = known();
        Message placed = message.at(known.session().position() + 1);
        long n = tables.nextNumber("message");
        added = n;
        MessageWriting.insert(tables, n, known, at, started, placed);
        Known.Recent newest = Known.Recent.after(known.newest(), n, placed);
        placed.clientId().ifPresent(name -> tables.names().add(id, name));
        Known more = new Known(known.n(), known.session(), known.messages() + 1, newest);
        step(at, more);
        answers(placed);
        unanswered.add(placed.id());
        if (Places.full(more)) {
            settle();
        }
        return placed;
    }

    private void answers(Message message) {
        message.reply().map(ReplyFacts::question).ifPresent(unanswered::remove);
    }

    private void settle() {
        finish();
        Known settled = Places.settle(sql, known());
        SessionRows.state(sql, settled);
        tables.put(settled);
    }

    private Change edit(Instant at, Message message, UserId by) {
        Message before = stored(message.id()).map(MessageRows.Stored::message).orElse(message);
        long n = replace(message);
        sql.update(
                "INSERT INTO version (message, content, written_at, replaced_at, replaced_by) VALUES (?, ?, ?, ?, ?)",
                n,
                before.content(),
                Times.nanos(before.editedAt().orElse(before.createdAt())),
                Times.nanos(at),
                by.value());
        return record(at, n, now -> new Change.MessageEdited(now, by), message);
    }

    /** Writes the message's new state in its old place; its number. */
    private long replace(Message message) {
        check(message.session());
        known();
        MessageRows.Stored before = stored(message.id()).orElseThrow(() -> new IllegalStateException(
                "Expected a message of the session, found one that is not in it"));
        Message now = message.at(before.message().position());
        answers(now);
        MessageWriting.update(tables, before.n(), before.message(), now);
        if (MessageExtras.of(now) == 0) {
            read.put(now.id(), new MessageRows.Stored(before.n(), before.addedAt(), before.started(), now));
        } else {
            // In which order reactions and receipts stand is the tables' to say.
            read.remove(now.id());
        }
        return before.n();
    }

    private Change record(Instant at, long n, Function<Message, Change.Body> body, Message message) {
        Message now = stored(message.id()).orElseThrow().message();
        Change change = new Change(id, step(at, known()).position(), at, body.apply(now));
        ChangeRows.insert(sql, known().n(), Optional.of(n), change);
        return change;
    }

    private void supersede(Message newer) {
        for (MessageId earlier : newer.reply().map(ReplyFacts::versions).orElse(List.of())) {
            read.remove(earlier);
            sql.update(
                    "UPDATE message SET superseded_by = ? WHERE id = ? AND session = ? AND question IS NOT NULL"
                            + " AND superseded_by IS NULL",
                    newer.id().value(),
                    earlier.value(),
                    known().n());
        }
    }

    private void check(SessionId of) {
        if (!of.equals(id)) {
            throw new IllegalArgumentException("Expected a change of the step's session, found another's");
        }
    }
}
