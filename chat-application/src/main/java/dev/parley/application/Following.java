package dev.parley.application;

import dev.parley.domain.live.Presence;
import dev.parley.domain.session.Session;
import java.util.List;

/**
 * How a session stood when following it began.
 *
 * @param position the newest position then: what lies behind it arrives as events
 */
public record Following(Session session, long position, List<Presence.Present> present) {

    public Following {
        present = List.copyOf(present);
    }
}
