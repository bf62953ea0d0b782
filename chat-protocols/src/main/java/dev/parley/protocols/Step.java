package dev.parley.protocols;

import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.Watching;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.access.Principal;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a protocol wants done next. Steps are done in order, each with all that follows from it before the next; events that come
 * meanwhile wait, so that an answer is seen before what it caused.
 */
public sealed interface Step {

    /** Sends something. */
    record Send(Outgoing outgoing) implements Step {}

    /** Asks the engine, and goes on with the answer. */
    record Ask<R>(Command<R> command, Function<? super Outcome<R>, List<Step>> then) implements Step {}

    /** Follows a session, and goes on with how it stood. */
    record Follow(SessionId session, Link.From from, Function<? super Outcome<Following>, List<Step>> then)
            implements Step {}

    /** Tells a part of a followed session once more. */
    record Replay(SessionId session, Link.From.Position from, Function<? super Outcome<Following>, List<Step>> then)
            implements Step {}

    record Unfollow(SessionId session) implements Step {}

    /** Is told what is published from now on, or after what the client knows, and goes on with where that begins. */
    record Watch(
            Link.Watched what,
            Optional<Map<TopicId, Long>> known,
            Function<? super Outcome<Watching>, List<Step>> then)
            implements Step {}

    /** Verifies a newer token of the same user and goes on with it. */
    record Refresh(String token, Function<? super Outcome<Principal>, List<Step>> then) implements Step {}

    /**
     * Says who the client is, for a connection that began with a stranger, and goes on with the handshake as it would have been
     * had it been known from the beginning. Who was let in already goes on with the newer token, as the same user only.
     *
     * @param token what the client brought, where it brought one
     * @param clientId what an anonymous client calls itself, where it does
     */
    record Identify(
            Optional<String> token,
            Optional<String> clientId,
            Function<? super Outcome<Handshake>, List<Step>> then)
            implements Step {

        /** Says nothing of the token. */
        @Override
        public String toString() {
            return "Identify[token " + (token.isPresent() ? "given" : "missing") + "]";
        }
    }

    /** Closes the connection once everything before is sent. */
    record Close(Closing why) implements Step {}
}
