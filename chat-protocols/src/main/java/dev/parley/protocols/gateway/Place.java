package dev.parley.protocols.gateway;

import dev.parley.domain.access.UserId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A session that a connection is in. Used by one thread at a time. */
final class Place {

    private final SessionId session;
    private final Map<MessageId, Boolean> streamed = new HashMap<>();
    private final Set<UserId> there = new HashSet<>();
    private Optional<ProjectId> project = Optional.empty();
    private boolean streams;
    private Optional<Missed> missed;

    /** @param missed gathers what the client missed, where it is still to be told */
    Place(Session session, List<Presence.Present> present, Optional<Missed> missed) {
        this.session = session.id();
        this.missed = missed;
        present.forEach(who -> there.add(who.user()));
        adopt(session);
    }

    SessionId session() {
        return session;
    }

    Optional<ProjectId> project() {
        return project;
    }

    /** The session is like this now. */
    void adopt(Session now) {
        project = now.project();
        streams = now.settings().streamResponses();
    }

    /** What is gathered before the client is told that it is in. */
    Optional<Missed> missed() {
        return missed;
    }

    /** From now on everything is told at once. */
    void caughtUp() {
        missed = Optional.empty();
    }

    /** Somebody came, as a member or in person; whether that is news. */
    boolean came(UserId user) {
        return there.add(user);
    }

    /** Somebody went; whether that is news. */
    boolean went(UserId user) {
        return there.remove(user);
    }

    /** Whether the client sees the reply grow; stays as it was when the reply began. */
    boolean streams(MessageId reply) {
        return streamed.computeIfAbsent(reply, ignored -> streams);
    }

    void ended(MessageId reply) {
        streamed.remove(reply);
    }
}
