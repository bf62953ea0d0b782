package dev.parley.protocols.gateway;

import dev.parley.application.event.Event;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.MessageId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a client missed, gathered while it is read and told together: the newest messages of it, what changed since the oldest of
 * them, and how the replies stand that still run. Used by one thread at a time.
 */
final class Missed {

    /** So many messages are told at most. */
    static final int MAX_MESSAGES = 100;

    private static final int MAX_CHANGES = 500;

    private final TreeMap<Long, Event.Happened> changes = new TreeMap<>();
    private final Map<MessageId, List<Event.ReplyGrew>> growing = new LinkedHashMap<>();
    private int messages;
    private boolean whole = true;

    void add(Event.Happened happened) {
        Change change = happened.change();
        if (change.body() instanceof Change.ReplyEnded ended) {
            growing.remove(ended.message().id());
        }
        if (changes.put(change.position(), happened) == null && isMessage(change)) {
            messages++;
        }
        while (messages > MAX_MESSAGES || changes.size() > MAX_CHANGES) {
            whole = false;
            if (isMessage(changes.pollFirstEntry().getValue().change())) {
                messages--;
            }
        }
    }

    void begin(MessageId reply) {
        growing.put(reply, new ArrayList<>());
    }

    void grow(Event.ReplyGrew grown) {
        growing.computeIfAbsent(grown.reply(), ignored -> new ArrayList<>()).add(grown);
    }

    /** Whether nothing had to be left out. */
    boolean whole() {
        return whole;
    }

    /** How many messages are told. */
    int messages() {
        return messages;
    }

    /** The position before the first change that is told, or {@code otherwise} where there is none. */
    long before(long otherwise) {
        return changes.isEmpty() ? otherwise : changes.firstKey() - 1;
    }

    List<Event.Happened> changes() {
        return List.copyOf(changes.values());
    }

    List<Event.ReplyGrew> growing() {
        return growing.values().stream().flatMap(List::stream).toList();
    }

    /** Whether it is told as a message. */
    static boolean isMessage(Change change) {
        return switch (change.body()) {
            case Change.MessageAdded added -> !added.message().deleted();
            case Change.ReplyEnded ended -> !ended.message().deleted() && !ended.message().content().isEmpty();
            default -> false;
        };
    }
}
