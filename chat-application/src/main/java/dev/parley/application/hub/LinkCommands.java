package dev.parley.application.hub;

import dev.parley.application.Caller;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.access.Principal;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;

/** What links need of the rest of the engine. */
public interface LinkCommands {

    <R> Outcome<R> handle(Caller caller, ConnectionId connection, Command<R> command);

    /** The session, if {@code caller} may follow it. */
    Outcome<Session> mayFollow(Caller caller, SessionId session);

    /** The topic, if {@code caller} may watch it. */
    Outcome<TopicId> mayWatch(Caller caller, TopicId topic);

    /** Whether a newer token may take the place of an older one. */
    Outcome<Principal> mayContinue(Principal before, Principal after);
}
