package dev.parley.domain.access;

import dev.parley.domain.Port;
import java.time.Instant;
import java.util.List;

/** The durable list of what administrators did. Safe for use by many threads. */
@Port
public interface AuditTrail {

    /**
     * One thing that an administrator did.
     *
     * @param action a stable word: {@code enter_session}, {@code revoke}, {@code announce}, {@code delete_message} …
     * @param subject the id of what it was done to, never content
     */
    record Entry(Instant at, UserId by, String action, String subject) {}

    /** Adds an entry; durable on return. */
    void record(Entry entry);

    /** The newest entries, newest first. */
    List<Entry> newest(int limit);
}
