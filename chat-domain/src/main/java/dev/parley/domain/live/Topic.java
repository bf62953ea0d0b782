package dev.parley.domain.live;

import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;

/** Where hints are published. */
public sealed interface Topic {

    /** What concerns one session. */
    record OfSession(SessionId session) implements Topic {}

    /** What concerns one feed of publications. */
    record OfPublications(TopicId topic) implements Topic {}

    /** What concerns every node. */
    record Everywhere() implements Topic {}
}
