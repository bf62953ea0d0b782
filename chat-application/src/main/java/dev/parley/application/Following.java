package dev.parley.application;

import dev.parley.domain.live.Presence;
import dev.parley.domain.session.Session;
import java.util.List;

/**
 * How a session stood when following it began.
 *
 * @param position the newest position then: what lies behind it arrives as events
 * @param behind whether what was missed is told first, up to {@link dev.parley.application.event.Event.CaughtUp}
 */
public record Following(Session session, long position, List<Presence.Present> present, boolean behind) {

    public Following {
        present = List.copyOf(present);
    }

    /** With nothing missed to be told. */
    public Following(Session session, long position, List<Presence.Present> present) {
        this(session, position, present, false);
    }
}
