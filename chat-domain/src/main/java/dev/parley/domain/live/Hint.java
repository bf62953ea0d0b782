package dev.parley.domain.live;

import dev.parley.domain.access.UserId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import java.time.Instant;

/**
 * What the bus carries. It may come late, twice, in another order or not at all: facts are read from the stores, and a hint
 * only says that it is worth looking. Typing, presence and the place in a queue live on hints alone.
 */
public sealed interface Hint {

    /** The session's feed reaches at least {@code position}. */
    record FeedGrew(SessionId session, long position) implements Hint {}

    /** Somebody types, or stopped; an agent types while it works before its first text. */
    record Typing(SessionId session, String id, String name, boolean agent, boolean active) implements Hint {}

    /** Somebody's first connection came to the session, or the last one went. */
    record PresenceChanged(SessionId session, UserId user, String name, boolean online) implements Hint {}

    /** A reply waits at {@code place} in its node's queue, 1 being next. */
    record QueueMoved(SessionId session, MessageId reply, MessageId question, int place) implements Hint {}

    /** The owner of the reply should look at its record: somebody said stop. */
    record StopRequested(MessageId reply) implements Hint {}

    /** Something was published: the topic reaches at least {@code position}. */
    record TopicGrew(TopicId topic, long position) implements Hint {}

    /** Others than before may be told what is published to the topic. */
    record AudienceChanged(TopicId topic) implements Hint {}

    /** The session is told of other topics than before. */
    record SubscriptionsChanged(SessionId session) implements Hint {}

    /** A token was revoked. */
    record TokenRevoked(String tokenId) implements Hint {}

    /** A user's tokens issued until {@code until} were revoked. */
    record UserRevoked(UserId user, Instant until) implements Hint {}

    /** A connection is to end, and its client to come back on another. */
    record ConnectionDismissed(ConnectionId connection) implements Hint {}

    /** Something to tell everybody. */
    record Announced(String message, Level level) implements Hint {}

    /** Hints may have been lost, on the way or while nobody could listen: whoever listens should look for what they would have said. */
    record HintsLost() implements Hint {}

    /** How much an announcement matters. */
    enum Level {
        INFO,
        WARNING,
        ERROR
    }
}
