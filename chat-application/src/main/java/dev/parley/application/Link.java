package dev.parley.application;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.access.Principal;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import java.util.Map;
import java.util.Optional;

/**
 * The engine's side of one live connection. Used by one thread at a time, but for {@link #close}, which may come from any.
 *
 * <p>Everything a followed session's members may see arrives at the link's sink: every durable change from a position on, once
 * and in order; every running reply's text from an offset on, once and in order; and hints.
 */
public interface Link extends AutoCloseable {

    ConnectionId id();

    /** As {@link ChatEngine#handle}, in the name of this connection. */
    <R> Outcome<R> handle(Command<R> command);

    /**
     * Begins to follow a session that the caller may enter; following it already begins it anew.
     *
     * <p>Events may arrive before this returns; whoever must answer first holds them back. With {@link From.Position} the missed
     * events come first, then {@link dev.parley.application.event.Event.CaughtUp}, then what is live. A reply that runs is told
     * from the offset the client names, or else by a beginning and the text so far.
     */
    Outcome<Following> follow(SessionId session, From from);

    /**
     * Tells once more what lies between a position and the one at which the following began; ends with
     * {@link dev.parley.application.event.Event.CaughtUp}. Replies that are being told already are left as they are.
     */
    Outcome<Following> replay(SessionId session, From.Position from);

    /** Ends it; nothing of that session arrives afterwards but what is being told at this moment. */
    void unfollow(SessionId session);

    /**
     * Begins to tell what is published: to a session that this connection follows, for as long as it does, or to one topic. Watching
     * the same already begins it anew.
     *
     * @param known which entry of each topic the client has seen last: what it missed comes first, then
     *     {@link dev.parley.application.event.Event.TopicsCaughtUp}; without it only what is published from now on
     */
    Outcome<Watching> watch(Watched what, Optional<Map<TopicId, Long>> known);

    /** Goes on as the same user with a newer token; refused for another user or a token that is no longer good. */
    Outcome<Principal> refresh(Principal principal);

    /** Notes a sign of life of the client, and that it has what it was told up to the one before. */
    void seen();

    /**
     * Whether signs of life are worth asking for: the client follows a session from where it was last here, and it is not sure yet
     * that it has everything it was told. Two signs, one after the other, make it sure. Cheap, and may come from any thread.
     */
    boolean unsure();

    /** Notes that the client has everything it was told: it took its leave in good order. */
    void left();

    @Override
    void close();

    /** What publications are wanted. */
    sealed interface Watched {

        /** What is for this session: its own topic, and those that it is subscribed to now and later. */
        record OfSession(SessionId session) implements Watched {}

        /** One topic, whatever session. */
        record OfTopic(TopicId topic) implements Watched {}
    }

    /** Where a follower begins. */
    sealed interface From {

        /** With what happens from now on. */
        record Now() implements From {}

        /**
         * After what this user had when last here, on whatever connection, with what was missed since, as after
         * {@link Position}; with what happens from now on for somebody who was never here. What was told just before a
         * connection broke may be told again.
         */
        record LastHere() implements From {}

        /**
         * After a position, with what was missed since.
         *
         * @param shown how far the client has seen which reply, in UTF-16 code units
         */
        record Position(long position, Map<MessageId, Long> shown) implements From {
            public Position {
                shown = Map.copyOf(shown);
            }
        }
    }
}
