package dev.parley.application;

import dev.parley.application.event.Event;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a client has on its screen: built from events alone, and watching that they keep their promises. What a client may never
 * see is noted as a fault.
 */
final class View {
    private final List<Event> events = new ArrayList<>();
    private final Map<MessageId, Message> messages = new LinkedHashMap<>();
    private final Map<MessageId, StringBuilder> growing = new HashMap<>();
    private final Map<MessageId, Integer> ends = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final Map<TopicId, Long> topics = new HashMap<>();
    private long position;
    private boolean replaying;

    synchronized void take(Event event) {
        events.add(event);
        switch (event) {
            case Event.Happened happened -> happened(happened.change());
            case Event.ReplyBegan began -> growing.put(began.head().reply(), new StringBuilder());
            case Event.ReplyGrew grew -> grew(grew);
            case Event.CaughtUp caught -> caughtUp(caught);
            case Event.ReplyQueued e -> {}
            case Event.TypingChanged e -> {}
            case Event.PresenceChanged e -> {}
            case Event.SessionLost e -> {}
            case Event.Published e -> published(e.entry());
            case Event.TopicsCaughtUp e -> {}
            case Event.TopicLost e -> {}
            case Event.Announced e -> {}
            case Event.Disconnecting e -> {}
        }
    }

    private void grew(Event.ReplyGrew grew) {
        StringBuilder text = growing.get(grew.reply());
        if (text == null) {
            faults.add("a piece of a reply that has not begun: " + grew);
        } else if (text.length() != grew.from()) {
            faults.add("a piece at " + grew.from() + " of a reply that was shown up to " + text.length());
        } else if (grew.text().isEmpty()) {
            faults.add("an empty piece");
        } else {
            text.append(grew.text());
        }
    }

    private void happened(Change change) {
        if (change.position() != position + 1 && position > 0 && !replaying) {
            faults.add("change " + change.position() + " after change " + position);
        }
        position = Math.max(position, change.position());
        switch (change.body()) {
            case Change.MessageAdded body -> put(body.message());
            case Change.MessageEdited body -> put(body.message());
            case Change.MessageDeleted body -> put(body.message());
            case Change.ReactionChanged body -> put(body.message());
            case Change.FeedbackGiven body -> put(body.message());
            case Change.ReceiptGiven body -> put(body.message());
            case Change.ReplyStarted body -> put(body.message());
            case Change.ReplyEnded body -> ended(body.message());
            case Change.AttachmentsChanged body -> put(body.message());
            case Change.AttachmentRemoved body -> messages.replaceAll((id, message) -> message.without(body.id()));
            case Change.AttachmentAdded b -> {}
            case Change.SessionOpened b -> {}
            case Change.SessionChanged b -> {}
            case Change.SessionClosed b -> {}
            case Change.MemberJoined b -> {}
            case Change.MemberLeft b -> {}
        }
    }

    private void ended(Message message) {
        StringBuilder text = growing.remove(message.id());
        if (text == null || !text.toString().equals(message.content())) {
            faults.add("the end of " + message.id() + " after '" + text + "' instead of '" + message.content() + "'");
        }
        int count = ends.merge(message.id(), 1, Integer::sum);
        if (count > 1 && !replaying) {
            faults.add("the end of " + message.id() + " for the " + count + ". time");
        }
        put(message);
    }

    private void published(TopicEntry entry) {
        long before = topics.getOrDefault(entry.topic(), entry.position() - 1);
        if (entry.position() != before + 1) {
            faults.add("entry " + entry.position() + " of " + entry.topic() + " after entry " + before);
        }
        topics.put(entry.topic(), entry.position());
    }

    private void caughtUp(Event.CaughtUp caught) {
        replaying = false;
        if (caught.recovered() && caught.position() != position) {
            faults.add("caught up at " + caught.position() + " after change " + position);
        }
        position = caught.position();
    }

    private void put(Message message) {
        messages.put(message.id(), message);
    }

    /** From now on changes may come a second time, until everything was caught up with. */
    synchronized void expectReplay() {
        replaying = true;
    }

    /** Knows what a client knows that was just told a position. */
    synchronized void startAt(long newPosition) {
        position = newPosition;
    }

    synchronized long position() {
        return position;
    }

    /** Which entry of each topic was told last. */
    synchronized Map<TopicId, Long> topics() {
        return Map.copyOf(topics);
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** How far the replies that grow were shown. */
    synchronized Map<MessageId, Long> shown() {
        Map<MessageId, Long> shown = new HashMap<>();
        growing.forEach((reply, text) -> shown.put(reply, (long) text.length()));
        return shown;
    }

    synchronized Map<MessageId, Message> messages() {
        return new LinkedHashMap<>(messages);
    }

    synchronized Optional<String> growing(MessageId reply) {
        return Optional.ofNullable(growing.get(reply)).map(StringBuilder::toString);
    }

    synchronized boolean ended(MessageId reply) {
        return ends.containsKey(reply);
    }

    synchronized int ends() {
        return ends.values().stream().mapToInt(Integer::intValue).sum();
    }

    synchronized List<Event> events() {
        return List.copyOf(events);
    }

    synchronized void forgetEvents() {
        events.clear();
    }

    synchronized <E extends Event> List<E> all(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <E extends Event> E await(Class<E> kind, Predicate<? super E> wanted) {
        return Wait.forThe(
                kind.getSimpleName() + " that is wanted",
                () -> all(kind).stream().filter(wanted).findFirst());
    }

    <E extends Event> E await(Class<E> kind) {
        return await(kind, any -> true);
    }

    /** The stored message of a reply, once its end was told. */
    Message awaitEnd(MessageId reply) {
        Wait.until("the end of " + reply + " is told", () -> ended(reply));
        return messages().get(reply);
    }

    void awaitText(MessageId reply, String text) {
        Wait.until(
                () -> "the reply was shown as '" + text + "', found " + growing(reply),
                () -> growing(reply).equals(Optional.of(text)));
    }
}
