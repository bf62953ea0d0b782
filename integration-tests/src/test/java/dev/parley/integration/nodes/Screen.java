package dev.parley.integration.nodes;

import dev.parley.application.event.Event;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client shows, made of events alone; what no client may ever be told is noted as a fault. */
final class Screen {

    private final List<Event> events = new ArrayList<>();
    private final Map<MessageId, Message> messages = new LinkedHashMap<>();
    private final Map<MessageId, StringBuilder> growing = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private long position;

    synchronized void take(Event event) {
        events.add(event);
        switch (event) {
            case Event.Happened happened -> happened(happened.change());
            case Event.ReplyBegan began -> growing.put(began.head().reply(), new StringBuilder());
            case Event.ReplyGrew grew -> grew(grew);
            case Event.CaughtUp caught -> {
                if (!caught.recovered()) {
                    faults.add("told to load anew");
                }
            }
            default -> {}
        }
    }

    private void grew(Event.ReplyGrew grew) {
        StringBuilder text = growing.get(grew.reply());
        if (text == null || text.length() != grew.from()) {
            faults.add("a piece at " + grew.from() + " behind '" + text + "'");
        } else {
            text.append(grew.text());
        }
    }

    private void happened(Change change) {
        if (position > 0 && change.position() != position + 1) {
            faults.add("change " + change.position() + " after change " + position);
        }
        position = change.position();
        switch (change.body()) {
            case Change.MessageAdded added -> messages.put(added.message().id(), added.message());
            case Change.ReplyStarted started -> messages.put(started.message().id(), started.message());
            case Change.ReplyEnded ended -> {
                StringBuilder text = growing.remove(ended.message().id());
                if (text == null || !text.toString().equals(ended.message().content())) {
                    faults.add("an end of '" + ended.message().content() + "' after '" + text + "'");
                }
                messages.put(ended.message().id(), ended.message());
            }
            default -> {}
        }
    }

    synchronized void beginAt(long newPosition) {
        position = newPosition;
    }

    synchronized long position() {
        return position;
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    synchronized Map<MessageId, Message> messages() {
        return Map.copyOf(messages);
    }

    /** What is shown of a reply that has not ended. */
    synchronized String growing(MessageId reply) {
        return String.valueOf(growing.get(reply));
    }

    synchronized Map<MessageId, Long> shown() {
        Map<MessageId, Long> shown = new HashMap<>();
        growing.forEach((reply, text) -> shown.put(reply, (long) text.length()));
        return shown;
    }

    synchronized <E extends Event> List<E> all(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    boolean ended(MessageId reply) {
        Message message = messages().get(reply);
        return message != null && !message.running();
    }
}
