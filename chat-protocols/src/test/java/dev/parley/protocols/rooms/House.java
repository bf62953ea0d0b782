package dev.parley.protocols.rooms;

import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.Presence;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One session of {@link Town}. */
final class House {

    final Map<MessageId, Message> messages = new LinkedHashMap<>();
    private final Map<MessageId, StringBuilder> running = new LinkedHashMap<>();
    private final Map<MessageId, StreamHead> heads = new LinkedHashMap<>();
    private final List<Change> feed = new ArrayList<>();
    private final Town town;
    private Session session;
    private Optional<Long> reach = Optional.empty();

    House(Town town, Session session) {
        this.town = town;
        this.session = session;
        append(new Change.SessionOpened(session));
    }

    Session session() {
        return session;
    }

    /** Ana was last here now. */
    void away() {
        reach = Optional.of((long) feed.size());
    }

    Following follow(Link.From from) {
        if (!(from instanceof Link.From.LastHere)) {
            throw new AssertionError("Expected somebody without a cursor, found " + from);
        }
        // What came before was told to nobody.
        town.takeEvents();
        long since = reach.orElse((long) feed.size());
        feed.stream().filter(change -> change.position() > since).forEach(change -> {
            if (change.body() instanceof Change.ReplyEnded ended) {
                show(ended.message().id(), ended.message().content());
            }
            town.tell(new Event.Happened(change));
        });
        running.forEach((reply, text) -> show(reply, text.toString()));
        reach.ifPresent(any -> town.tell(new Event.CaughtUp(session.id(), true, feed.size())));
        return new Following(
                session, feed.size(), List.of(new Presence.Present(session.id(), Town.ANA, "Ana")));
    }

    private void show(MessageId reply, String text) {
        town.tell(new Event.ReplyBegan(heads.get(reply)));
        if (!text.isEmpty()) {
            town.tell(new Event.ReplyGrew(session.id(), reply, 0, text));
        }
    }

    Message say(UserId who, String content, Optional<String> clientId) {
        Message said = Message.written(
                town.nextMessage(),
                session.id(),
                Optional.empty(),
                new Author.Person(who, Town.name(who)),
                Role.USER,
                content,
                town.now,
                clientId,
                ClientMetadata.NONE)
                .at(feed.size() + 1);
        append(new Change.MessageAdded(said));
        return said;
    }

    MessageId request(Message question) {
        Message reply = Message.written(
                town.nextReply(),
                session.id(),
                Optional.empty(),
                new Author.Agent("default", "Parley"),
                Role.ASSISTANT,
                "",
                town.now,
                Optional.empty(),
                ClientMetadata.NONE)
                .replied("", ReplyFacts.requested(question.id(), List.of()))
                .at(feed.size() + 1);
        append(new Change.ReplyStarted(reply));
        return reply.id();
    }

    void begin(MessageId reply, String model) {
        Message message = messages.get(reply);
        StreamHead head = new StreamHead(
                session.id(),
                reply,
                message.reply().orElseThrow().question(),
                (Author.Agent) message.author(),
                model,
                false);
        heads.put(reply, head);
        running.put(reply, new StringBuilder());
        town.tell(new Event.ReplyBegan(head));
    }

    void grow(MessageId reply, String text) {
        StringBuilder all = running.get(reply);
        town.tell(new Event.ReplyGrew(session.id(), reply, all.length(), text));
        all.append(text);
    }

    void end(MessageId reply, ReplyStatus status, boolean fallback) {
        StringBuilder text = running.remove(reply);
        ReplyFacts asked = messages.get(reply).reply().orElseThrow();
        Optional<ErrorCode> error = switch (status) {
            case FAILED -> Optional.of(ErrorCode.MODEL_FAILED);
            case INTERRUPTED -> Optional.of(ErrorCode.INTERRUPTED);
            case COMPLETED, STOPPED, RUNNING -> Optional.empty();
        };
        ReplyFacts facts = new ReplyFacts(
                asked.question(),
                status,
                error,
                heads.containsKey(reply) ? heads.get(reply).model() : "",
                fallback,
                Optional.of(150),
                Optional.of(Duration.ofMillis(2500)),
                Optional.of(Duration.ofMillis(200)),
                List.of(),
                Optional.empty());
        append(new Change.ReplyEnded(
                messages.get(reply).replied(text == null ? "" : text.toString(), facts)));
    }

    List<MessageId> stop(Optional<MessageId> which) {
        List<MessageId> ended = messages.values()
                .stream()
                .filter(Message::running)
                .filter(message -> which.isEmpty()
                        || message.id().equals(which.get())
                        || message.reply().orElseThrow().question().equals(which.get()))
                .map(Message::id)
                .toList();
        ended.forEach(reply -> end(reply, ReplyStatus.STOPPED, false));
        return ended;
    }

    Message receive(UserId who, MessageId message, Receipt receipt) {
        Message marked = messages.get(message).received(who, receipt, town.now);
        append(new Change.ReceiptGiven(marked, who, receipt));
        return marked;
    }

    void edit(UserId who, MessageId message, String content) {
        append(new Change.MessageEdited(messages.get(message).edited(content, town.now), who));
    }

    void delete(UserId who, MessageId message) {
        append(new Change.MessageDeleted(messages.get(message).asDeleted(town.now), who));
    }

    void title(UserId who, String title) {
        session = session.withTitle(title);
        append(new Change.SessionChanged(session, who));
    }

    void attach(Attachment file) {
        append(Change.AttachmentAdded.of(file, file.owner()));
    }

    void settings(SessionSettings settings) {
        session = session.withSettings(settings);
        append(new Change.SessionChanged(session, Town.ANA));
    }

    Session join(UserId who) {
        if (session.has(who)) {
            return session;
        }
        if (session.full()) {
            throw new Town.Refusal(ErrorCode.ROOM_FULL);
        }
        session = session.withMember(new Member(who, Town.name(who), town.now));
        append(new Change.MemberJoined(session, who, Town.name(who)));
        return session;
    }

    Session leave(UserId who, UserId by) {
        session = session.withoutMember(who);
        append(new Change.MemberLeft(session, who, by));
        return session;
    }

    void close(UserId by) {
        session = session.asClosed();
        append(new Change.SessionClosed(session, by));
        town.tell(new Event.SessionLost(session.id(), Event.Loss.CLOSED));
    }

    private void append(Change.Body body) {
        Change change = new Change(session.id(), feed.size() + 1L, town.now, body);
        feed.add(change);
        session = session.at(change.position(), town.now);
        switch (body) {
            case Change.MessageAdded added -> messages.put(added.message().id(), added.message());
            case Change.MessageEdited edited -> messages.put(edited.message().id(), edited.message());
            case Change.MessageDeleted deleted -> messages.put(deleted.message().id(), deleted.message());
            case Change.ReceiptGiven given -> messages.put(given.message().id(), given.message());
            case Change.ReplyStarted started -> messages.put(started.message().id(), started.message());
            case Change.ReplyEnded ended -> messages.put(ended.message().id(), ended.message());
            default -> {}
        }
        town.happened(session.id(), change);
    }
}
