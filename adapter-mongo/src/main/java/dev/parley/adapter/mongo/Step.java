package dev.parley.adapter.mongo;

import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.live.NodeId;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.bson.Document;

/** One run of a step: reads through to what is stored, keeps what it appends to itself until it is committed. */
final class Step implements SessionTransaction {
    private final View view;
    private final SessionId id;
    private final String life;
    private Optional<Session> session;
    private long messages;
    private long forgotten;
    private Instant oldest;
    private boolean purged;
    private final Map<MessageId, Message> touched = new LinkedHashMap<>();
    private final Set<MessageId> placed = new LinkedHashSet<>();
    private final Map<MessageId, Reply> begun = new LinkedHashMap<>();
    private final Set<MessageId> ended = new HashSet<>();
    private final Map<AttachmentId, Optional<Attachment>> files = new HashMap<>();
    private final Map<MessageId, List<Document>> versions = new LinkedHashMap<>();
    private final Map<AttachmentId, Document> moved = new LinkedHashMap<>();
    private final List<Document> operations = new ArrayList<>();
    private long writings;

    Step(Store store, Found found) {
        Optional<Head> head = found.head();
        this.id = found.id();
        this.life = head.map(Head::life).orElseGet(found::nextLife);
        this.view = new View(store, id, life);
        this.session = head.map(Head::session);
        this.messages = head.map(Head::messages).orElse(0L);
        this.forgotten = head.map(Head::forgotten).orElse(0L);
        this.oldest = head.map(Head::oldest).map(Times::instant).orElse(Instant.MAX);
    }

    @Override
    public Optional<Session> session() {
        return session;
    }

    @Override
    public Optional<Message> message(MessageId message) {
        Message mine = touched.get(message);
        return mine == null ? stored(() -> view.message(message)) : Optional.of(mine);
    }

    /** There is nothing to be found where there is no session. */
    private <T> Optional<T> stored(Supplier<Optional<T>> read) {
        return session.isEmpty() ? Optional.empty() : read.get();
    }

    @Override
    public Optional<Message> sentAs(ClientKey key) {
        Optional<Message> mine = touched.values()
                .stream()
                .filter(message -> message.author().is(key.user())
                        && message.clientId().equals(Optional.of(key.clientId())))
                .max(Comparator.comparingLong(Message::position));
        Optional<Message> there = stored(() -> view.sentAs(key)).filter(message -> !touched.containsKey(message.id()));
        return mine.isPresent() && there.isPresent() && there.get().position() > mine.get().position() ? there
                : mine.or(() -> there);
    }

    @Override
    public Optional<Reply> reply(MessageId message) {
        if (ended.contains(message)) {
            return Optional.empty();
        }
        Reply mine = begun.get(message);
        return mine == null ? stored(() -> view.reply(message)) : Optional.of(mine);
    }

    @Override
    public List<Reply> unfinished() {
        if (session.isEmpty()) {
            return List.of();
        }
        Map<MessageId, Reply> replies = view.running();
        begun.forEach(replies::putIfAbsent);
        ended.forEach(replies::remove);
        return List.copyOf(replies.values());
    }

    @Override
    public List<Message> repliesTo(MessageId question) {
        return merged(session.isEmpty() ? List.of() : view.repliesTo(question), message -> message.reply()
                .filter(facts -> facts.question().equals(question))
                .isPresent());
    }

    /** What is stored as it is in this step, and what this step made besides, by position. */
    private List<Message> merged(List<Message> stored, Predicate<Message> wanted) {
        Map<MessageId, Message> all = new HashMap<>();
        stored.forEach(message -> all.put(message.id(), message));
        all.putAll(touched);
        return all.values().stream().filter(wanted).sorted(Comparator.comparingLong(Message::position)).toList();
    }

    @Override
    public Optional<Attachment> attachment(AttachmentId attachment) {
        return Objects.requireNonNullElseGet(files.get(attachment), () -> stored(() -> view.file(attachment)));
    }

    @Override
    public boolean mentioned(AttachmentId attachment) {
        return touched.values().stream().anyMatch(message -> message.has(attachment))
                || session.isPresent() && view.mentioned(attachment, touched.keySet());
    }

    @Override
    public Change append(Instant at, Change.ReplyStarted body, Reply record) {
        if (!record.id().equals(body.message().id()) || !record.session().equals(id)) {
            throw new IllegalArgumentException("Expected the record of the reply that starts, found another's");
        }
        Change change = append(at, body);
        begun.put(record.id(), record);
        return change;
    }

    @Override
    public Change append(Instant at, Change.Body body) {
        writings++;
        return switch (body) {
            case Change.SessionOpened opened -> open(at, opened.session());
            case Change.SessionChanged(Session now, UserId by) -> keep(at, now, kept -> new Change.SessionChanged(kept, by));
            case Change.SessionClosed(Session now, UserId by) -> keep(at, now, kept -> new Change.SessionClosed(kept, by));
            case Change.MemberJoined(Session now, UserId user, String name) ->
                    keep(at, now, kept -> new Change.MemberJoined(kept, user, name));
            case Change.MemberLeft(Session now, UserId user, UserId by) ->
                    keep(at, now, kept -> new Change.MemberLeft(kept, user, by));
            case Change.MessageAdded(Message message) -> record(at, new Change.MessageAdded(place(message)));
            case Change.MessageEdited(Message message, UserId by) -> edit(at, message, by);
            case Change.MessageDeleted(Message message, UserId by) -> {
                Change.MessageDeleted deleted = new Change.MessageDeleted(replace(message), by);
                versions.remove(message.id());
                operations.add(Operations.erase(message.id()));
                yield record(at, deleted);
            }
            case Change.ReactionChanged(Message message, UserId user, String emoji, boolean added) ->
                    record(at, new Change.ReactionChanged(replace(message), user, emoji, added));
            case Change.FeedbackGiven(Message message, UserId user, var feedback) ->
                    record(at, new Change.FeedbackGiven(replace(message), user, feedback));
            case Change.ReceiptGiven(Message message, UserId user, var receipt) ->
                    record(at, new Change.ReceiptGiven(replace(message), user, receipt));
            case Change.ReplyStarted(Message message) -> {
                Change.ReplyStarted started = new Change.ReplyStarted(place(message));
                supersede(message);
                yield record(at, started);
            }
            case Change.ReplyEnded(Message message) -> {
                Change.ReplyEnded over = new Change.ReplyEnded(replace(message));
                begun.remove(message.id());
                ended.add(message.id());
                yield record(at, over);
            }
            case Change.AttachmentAdded(AttachmentId file, Optional<Attachment> facts, UserId by) ->
                    record(at, new Change.AttachmentAdded(file, Optional.of(bring(facts.orElseThrow())), by));
            case Change.AttachmentRemoved removed -> {
                take(removed.id());
                yield record(at, removed);
            }
            case Change.AttachmentsChanged(Message message, UserId by) ->
                    record(at, new Change.AttachmentsChanged(replace(message), by));
        };
    }

    private Session known() {
        return session.orElseThrow(() -> new IllegalStateException(
                "Expected a session's first change to open it, found a change of a session that is not there"));
    }

    private Change open(Instant at, Session opened) {
        if (session.isPresent()) {
            throw new IllegalStateException("Expected a session to be opened once, found it open already");
        }
        check(opened.id());
        session = Optional.of(opened.at(0, at));
        return keep(at, opened, Change.SessionOpened::new);
    }

    private Change keep(Instant at, Session now, Function<Session, Change.Body> body) {
        check(now.id());
        long position = known().position();
        session = Optional.of(now.at(position, at));
        return record(at, body.apply(known().at(position + 1, at)));
    }

    private Change record(Instant at, Change.Body body) {
        Session now = known().at(known().position() + 1, at);
        session = Optional.of(now);
        Change change = new Change(id, now.position(), at, body);
        if (now.position() == forgotten + 1) {
            oldest = at;
        }
        operations.add(Operations.change(ChangeDocs.write(change, life)));
        return change;
    }

    private Message place(Message message) {
        check(message.session());
        Session now = known();
        if (message(message.id()).isPresent()) {
            throw new IllegalStateException("Expected a new message id, found one that is taken");
        }
        Message there = message.at(now.position() + 1);
        touched.put(message.id(), there);
        placed.add(message.id());
        messages++;
        return there;
    }

    private Message replace(Message message) {
        check(message.session());
        known();
        Message before = message(message.id()).orElseThrow(() -> new IllegalStateException(
                "Expected a message of the session, found one that is not in it"));
        Message now = message.at(before.position());
        touched.put(message.id(), now);
        return now;
    }

    private Change edit(Instant at, Message message, UserId by) {
        Message before = message(message.id()).orElse(message);
        Change.MessageEdited edited = new Change.MessageEdited(replace(message), by);
        Version version = new Version(before.content(), before.editedAt().orElse(before.createdAt()), at, by);
        Change change = record(at, edited);
        versions.computeIfAbsent(message.id(), unused -> new ArrayList<>())
                .add(Operations.version(message.id(), change.position(), version));
        return change;
    }

    private void supersede(Message newer) {
        for (MessageId earlier : newer.reply().map(ReplyFacts::versions).orElse(List.of())) {
            message(earlier).ifPresent(message -> message.reply()
                    .filter(facts -> facts.supersededBy().isEmpty())
                    .ifPresent(facts -> replace(message.replied(message.content(), facts.supersededBy(newer.id())))));
        }
    }

    private Attachment bring(Attachment file) {
        long position = known().position() + 1;
        Optional<Attachment> here = attachment(file.id());
        if (here.isPresent()) {
            return here.get();
        }
        Attachment facts = view.known(file.id()).orElse(file);
        files.put(file.id(), Optional.of(facts));
        moved.put(file.id(), Operations.bring(facts, position));
        return facts;
    }

    private void take(AttachmentId file) {
        known();
        merged(view.with(file), message -> message.has(file)).forEach(message -> replace(message.without(file)));
        files.put(file, Optional.empty());
        moved.compute(file, (id, brought) -> brought == null || !brought.containsKey("bring")
                ? Operations.take(file)
                : Operations.takenAgain(brought));
    }

    private void check(SessionId of) {
        if (!of.equals(id)) {
            throw new IllegalArgumentException("Expected a change of the step's session, found another's");
        }
    }

    /** Gives the reply to {@code owner}, with the next fence. Takes no position, as the two that follow. */
    Optional<Reply> claim(MessageId message, NodeId owner) {
        Optional<Reply> now = reply(message).map(reply -> new Reply(
                reply.id(), reply.session(), reply.question(), reply.asker(), reply.requestedAt(), owner, reply.fence() + 1,
                reply.stopRequestedBy(), reply.checkpoint()));
        now.ifPresent(reply -> operations.add(Operations.claim(message, owner, reply.fence())));
        return now;
    }

    /** Notes who wants the reply stopped, if nobody did before; false when it has ended. */
    boolean stop(MessageId message, UserId by) {
        Optional<Reply> reply = reply(message);
        if (reply.isPresent() && reply.get().stopRequestedBy().isEmpty()) {
            operations.add(Operations.stop(message, by));
        }
        return reply.isPresent();
    }

    /** Forgets the changes before the first that happened at or after {@code before}; tells how many. */
    long forget(Instant before) {
        long newest = session.map(Session::position).orElse(0L);
        if (newest <= forgotten + 1) {
            return 0;
        }
        long kept = Math.min(newest, view.changedSince(forgotten, before).orElse(newest));
        long count = kept - 1 - forgotten;
        if (count > 0) {
            oldest = view.changedAt(kept).orElse(oldest);
            forgotten = kept - 1;
            operations.add(Operations.forget(forgotten));
        }
        return count;
    }

    /** Ends the session's life; false when there is none. */
    boolean purge() {
        purged = session.isPresent();
        return purged;
    }

    boolean purged() {
        return purged;
    }

    /** Grows whenever something is appended, also when that fails. */
    long writings() {
        return writings;
    }

    /** Whether there is something to commit. */
    boolean writes() {
        return purged || !operations.isEmpty();
    }

    /** Whether it saw more than the session's own document. */
    boolean looked() {
        return view.used();
    }

    String life() {
        return life;
    }

    long messages() {
        return messages;
    }

    long forgotten() {
        return forgotten;
    }

    Instant oldest() {
        return oldest;
    }

    /** The ids of the messages that this step adds. */
    Collection<MessageId> placed() {
        return placed;
    }

    /** Everything that is to be done outside the session's document once the step is committed. */
    List<Document> operations() {
        List<Document> all = new ArrayList<>();
        touched.values()
                .forEach(message -> all.add(Operations.message(
                        message, life, Optional.ofNullable(begun.get(message.id())), ended.contains(message.id()))));
        all.addAll(operations);
        all.addAll(moved.values());
        versions.values().forEach(all::addAll);
        return all;
    }
}
