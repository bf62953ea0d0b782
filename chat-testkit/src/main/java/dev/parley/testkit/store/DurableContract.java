package dev.parley.testkit.store;

import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.SessionStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What all durable contracts share: a fresh store for each test, and few words for what people do. */
abstract class DurableContract {
    static final UserId ANA = new UserId("ana");
    static final UserId BEN = new UserId("ben");
    static final SessionId ROOM = new SessionId("room");
    static final SessionId OTHER = new SessionId("other");
    static final NodeId NODE = new NodeId("node-1");
    static final Author.Agent AGENT = new Author.Agent("helper", "Helper");
    /** Stores keep instants to the microsecond at least. */
    static final Instant START = Instant.parse("2026-01-01T00:00:00.123456Z");

    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicInteger ticks = new AtomicInteger();
    private @Nullable DurableFixture fixture;
    private @Nullable DurableStores stores;

    /** Makes the fixture of one test. */
    protected abstract DurableFixture fixture();

    @BeforeEach
    final void openTheStore() {
        fixture = fixture();
        stores = fixture.open();
    }

    @AfterEach
    final void closeTheStore() {
        if (fixture != null) {
            fixture.close();
        }
    }

    final DurableStores stores() {
        if (stores == null) {
            throw new IllegalStateException("Expected an open store");
        }
        return stores;
    }

    final void reopen() {
        stores = opened().reopen();
    }

    final DurableFixture opened() {
        if (fixture == null) {
            throw new IllegalStateException("Expected a fixture");
        }
        return fixture;
    }

    final Instant tick() {
        return START.plusSeconds(ticks.incrementAndGet());
    }

    final MessageId newId() {
        return new MessageId("m-" + String.format("%06d", ids.incrementAndGet()));
    }

    final Session open(SessionId id, UserId... members) {
        return open(stores().sessions(), id, members);
    }

    final Session open(SessionStore sessions, SessionId id, UserId... members) {
        Instant now = tick();
        Session session = Session.fresh(
                id, Optional.of(new Member(ANA, "Ana", now)), Visibility.GROUP, Optional.empty(), now);
        for (UserId member : members) {
            session = session.withMember(new Member(member, member.value(), now));
        }
        Session fresh = session;
        sessions.write(id, step -> step.append(now, new Change.SessionOpened(fresh)));
        return sessions.find(id).orElseThrow();
    }

    final Message message(SessionId session, UserId by, String content) {
        return message(session, by, content, Optional.empty(), Optional.empty());
    }

    final Message message(
            SessionId session, UserId by, String content, Optional<MessageId> parent, Optional<String> clientId) {
        return Message.written(
                newId(),
                session,
                parent,
                new Author.Person(by, "Name of " + by),
                Role.USER,
                content,
                tick(),
                clientId,
                ClientMetadata.NONE);
    }

    final Message add(Message message) {
        return stores().sessions().write(message.session(), step -> {
            Change change = step.append(message.createdAt(), new Change.MessageAdded(message));
            return ((Change.MessageAdded) change.body()).message();
        });
    }

    final Message say(SessionId session, String content) {
        return add(message(session, ANA, content));
    }

    final Message answer(SessionId session, MessageId parent, String content) {
        return add(message(session, BEN, content, Optional.of(parent), Optional.empty()));
    }

    final void edit(MessageId id, String content) {
        Instant now = tick();
        Message before = now(id);
        append(before.session(), now, new Change.MessageEdited(before.edited(content, now), ANA));
    }

    final void delete(MessageId id) {
        Instant now = tick();
        Message before = now(id);
        append(before.session(), now, new Change.MessageDeleted(before.asDeleted(now), BEN));
    }

    final Change append(SessionId session, Instant at, Change.Body body) {
        return stores().sessions().write(session, step -> step.append(at, body));
    }

    final Message now(MessageId id) {
        return stores().messages().find(id).orElseThrow();
    }

    final Message startReply(Message question, List<MessageId> versions) {
        Message placeholder = placeholder(question, versions);
        return stores().sessions().write(question.session(), step -> {
            Change change = step.append(
                    placeholder.createdAt(), new Change.ReplyStarted(placeholder), record(placeholder));
            return ((Change.ReplyStarted) change.body()).message();
        });
    }

    final Message placeholder(Message question, List<MessageId> versions) {
        return Message.written(
                newId(),
                question.session(),
                Optional.empty(),
                AGENT,
                Role.ASSISTANT,
                "",
                tick(),
                Optional.empty(),
                ClientMetadata.NONE)
                .replied("", ReplyFacts.requested(question.id(), versions));
    }

    static Reply record(Message placeholder) {
        return Reply.requested(
                placeholder.id(),
                placeholder.session(),
                placeholder.reply().orElseThrow().question(),
                ANA,
                placeholder.createdAt(),
                NODE);
    }

    final void endReply(MessageId id, String text, ReplyStatus status) {
        Message before = now(id);
        ReplyFacts facts = before.reply().orElseThrow();
        ReplyFacts ended = new ReplyFacts(
                facts.question(),
                status,
                facts.error(),
                "model",
                false,
                Optional.of(3),
                Optional.empty(),
                Optional.empty(),
                facts.versions(),
                facts.supersededBy());
        append(before.session(), tick(), new Change.ReplyEnded(before.replied(text, ended)));
    }

    final List<Change> changes(SessionId session) {
        return changesAfter(session, 0, 10_000);
    }

    final List<Change> changesAfter(SessionId session, long position, int limit) {
        return changes(stores().sessions().changesAfter(session, position, limit));
    }

    static List<Change> changes(SessionStore.Feed feed) {
        return switch (feed) {
            case SessionStore.Feed.Changes(List<Change> changes) -> changes;
            case SessionStore.Feed.Lost() -> throw new AssertionError("Expected changes, found that they are lost");
        };
    }

    static List<String> contents(List<Message> messages) {
        return messages.stream().map(Message::content).collect(Collectors.toList());
    }
}
