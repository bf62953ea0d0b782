package dev.parley.application.hub;

import dev.parley.application.event.Event;
import dev.parley.domain.change.Change;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore;
import java.util.List;
import java.util.function.Consumer;

/** Reads stretches of one session's feed. */
record Feed(SessionId session, SessionStore sessions) {

    private static final int BATCH = 200;

    /** Tells the changes behind {@code after} up to {@code until}, in order; false when not all of them can be had. */
    boolean each(long after, long until, Consumer<Event.Happened> told) {
        long at = after;
        while (at < until) {
            int wanted = (int) Math.min(BATCH, until - at);
            List<Change> changes = switch (sessions.changesAfter(session, at, wanted)) {
                case SessionStore.Feed.Changes some -> some.changes();
                case SessionStore.Feed.Lost lost -> List.of();
            };
            if (changes.isEmpty()) {
                return false;
            }
            changes.forEach(change -> told.accept(new Event.Happened(change)));
            at = changes.getLast().position();
        }
        return true;
    }
}
