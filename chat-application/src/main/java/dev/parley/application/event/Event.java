package dev.parley.application.event;

import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.live.Hint;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import java.time.Duration;
import java.util.Optional;

/**
 * What a connection is told without asking.
 *
 * <p>One event object is given to all who follow a session, so what is made of it can be shared.
 */
public sealed interface Event {

    /** What concerns one session. */
    sealed interface InSession extends Event {
        SessionId session();
    }

    /**
     * Something durable happened. For a reply's end, {@link ReplyBegan} and {@link ReplyGrew} with everything that was not told
     * yet came before, so that the text is complete when the end is told.
     */
    record Happened(Change change) implements InSession {
        @Override
        public SessionId session() {
            return change.session();
        }
    }

    /** A reply begins, or begins anew: whatever was shown of it is void. */
    record ReplyBegan(StreamHead head) implements InSession {
        @Override
        public SessionId session() {
            return head.session();
        }
    }

    /** A reply has grown. {@code from} the length of its text before, in UTF-16 code units */
    record ReplyGrew(SessionId session, MessageId reply, long from, String text) implements InSession {

        /** The length of its text now. */
        public long to() {
            return from + text.length();
        }

        /** This and what follows it directly, as one. */
        public ReplyGrew with(ReplyGrew next) {
            if (!next.reply.equals(reply) || next.from != to()) {
                throw new IllegalArgumentException(
                        "Expected what follows at " + to() + ", found a piece at " + next.from);
            }
            return new ReplyGrew(session, reply, from, text + next.text);
        }
    }

    /** A reply waits. {@code place} 1 is next */
    record ReplyQueued(SessionId session, MessageId reply, MessageId question, int place) implements InSession {}

    /** Somebody types, or does no longer. {@code id} a user's or an agent's */
    record TypingChanged(SessionId session, String id, String name, boolean agent, boolean active)
            implements InSession {}

    record PresenceChanged(SessionId session, UserId user, String name, boolean online) implements InSession {}

    /**
     * What was missed has been told; what comes now is live.
     *
     * @param recovered false when something is missing: the client must load anew
     */
    record CaughtUp(SessionId session, boolean recovered, long position) implements InSession {}

    /** The connection follows this session no longer. */
    record SessionLost(SessionId session, Loss why) implements InSession {}

    /** Why a session is followed no longer. */
    enum Loss {
        /** The user is no longer allowed in. */
        REMOVED,
        CLOSED,
        DELETED
    }

    /** Something was published to a topic that the connection is told of: each entry once and in order. */
    record Published(TopicEntry entry) implements Event {}

    /**
     * What was missed of topics has been told; what comes now is live.
     *
     * @param recovered false when something is missing
     */
    record TopicsCaughtUp(boolean recovered) implements Event {}

    /** The user may no longer be told what is published to this topic. */
    record TopicLost(TopicId topic) implements Event {}

    /** Something is told to everybody. */
    record Announced(String message, Hint.Level level) implements Event {}

    /**
     * The connection is to end.
     *
     * @param reconnectIn when the client should come back, where it should
     */
    record Disconnecting(Cause cause, Optional<Duration> reconnectIn) implements Event {}

    /** Why a connection is to end. */
    enum Cause {
        /** The server goes down or makes room. */
        DRAIN,
        TOKEN_EXPIRED,
        TOKEN_REVOKED,
        /** The node lost its store. */
        STORE_LOST
    }
}
