package dev.parley.domain.live;

import dev.parley.domain.session.SessionId;

/** Where hints are published. */
public sealed interface Topic {

    /** What concerns one session. */
    record OfSession(SessionId session) implements Topic {}

    /** What concerns every node. */
    record Everywhere() implements Topic {}
}
