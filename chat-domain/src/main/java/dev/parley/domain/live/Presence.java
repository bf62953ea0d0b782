package dev.parley.domain.live;

import dev.parley.domain.Port;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Who is in a session right now, over all nodes. Safe for use by many threads; may block. */
@Port
public interface Presence {

    /** Somebody in a session. */
    record Present(SessionId session, UserId user, String name) {}

    /**
     * Says that {@code connection} of a user is in the session for {@code ttl} from now unless it says so again.
     *
     * @return true when the user was not there before
     */
    boolean enter(Present who, ConnectionId connection, Duration ttl);

    /** Ends it; true when the user's last connection went with it. Unknown connections change nothing. */
    boolean leave(Present who, ConnectionId connection);

    /** Everybody in the session once, by user id. */
    List<Present> in(SessionId session);

    /**
     * Takes out what has outlived its time, and names those whose last connection that was. Each is named to one caller at a time; who
     * was named to a caller that did not come back from {@code told}, for whatever reason, is named again within a minute.
     */
    void sweep(Consumer<? super Present> told);
}
