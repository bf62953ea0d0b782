package dev.parley.protocols.connection;

import dev.parley.application.event.Event;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * The events that wait for one client: until its frame is handled, or, while this is paused, until it has read more of what was
 * said before them. Used under its connection's lock.
 */
final class Backlog {

    private final ArrayDeque<Event> waiting = new ArrayDeque<>(1);
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
        return waiting.size() < maxEvents && waiting.add(event);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    Event next() {
        return waiting.remove();
    }

    void clear() {
        waiting.clear();
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
