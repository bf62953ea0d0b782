package dev.parley.domain.live;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.Port;
import dev.parley.domain.access.UserId;
import java.time.Instant;

/** The connections of all nodes. Safe for use by many threads; may block. */
@Port
public interface ConnectionRegistry {

    /** Adds or replaces. */
    void put(ConnectionInfo connection);

    /** Notes a sign of life; unknown connections change nothing. */
    void touch(ConnectionId id, Instant lastPing);

    void remove(ConnectionId id);

    /** How many connections {@code user} has. */
    int countOf(UserId user);

    /** All connections, longest open first. */
    Page<ConnectionInfo> all(PageRequest request);
}
