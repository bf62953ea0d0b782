package dev.parley.protocols.connection;

import dev.parley.application.event.Event;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The events that wait for one client: until its frame is handled, or, while this is paused, until it has read more of what was
 * said before them. Used under its connection's lock.
 */
final class Backlog {

    // There is one only while something waits, which is seldom.
    private @Nullable ArrayDeque<Event> waiting;
    private final int maxEvents;
    private final long patience;
    private boolean paused;
    private long pausedAt;

    /** @param patience so long may a client read nothing while this is paused */
    Backlog(int maxEvents, Duration patience) {
        this.maxEvents = maxEvents;
        this.patience = patience.toMillis();
    }

    /** Takes an event; false when too many wait. */
    boolean add(Event event) {
        ArrayDeque<Event> events = waiting == null ? new ArrayDeque<>() : waiting;
        waiting = events;
        return events.size() < maxEvents && events.add(event);
    }

    boolean isEmpty() {
        return waiting == null || waiting.isEmpty();
    }

    /** @throws NoSuchElementException when nothing waits */
    Event next() {
        ArrayDeque<Event> events = waiting;
        if (events == null) {
            throw new NoSuchElementException();
        }
        Event next = events.remove();
        waiting = events.isEmpty() ? null : events;
        return next;
    }

    void clear() {
        waiting = null;
        paused = false;
    }

    /** Waits for the client to read, or does so no longer; whoever waits already goes on waiting. */
    void pause(boolean pause, long now) {
        if (pause && !paused) {
            pausedAt = now;
        }
        paused = pause;
    }

    boolean paused() {
        return paused;
    }

    /** @param lastTaken when the transport last took something */
    boolean stalled(long now, long lastTaken) {
        return paused && now - Math.max(lastTaken, pausedAt) >= patience;
    }
}
