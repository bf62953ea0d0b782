package dev.parley.protocols.connection;

import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.Watching;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import java.util.Map;
import java.util.Optional;

/** Stands where the engine's link will be: whoever has not said who it is gets nothing. */
final class StrangersLink implements Link {

    private static final ConnectionId NOBODY = new ConnectionId("-");

    @Override
    public ConnectionId id() {
        return NOBODY;
    }

    @Override
    public <R> Outcome<R> handle(Command<R> command) {
        return unauthorized();
    }

    @Override
    public Outcome<Following> follow(SessionId session, From from) {
        return unauthorized();
    }

    @Override
    public Outcome<Following> replay(SessionId session, From.Position from) {
        return unauthorized();
    }

    @Override
    public Outcome<Watching> watch(Watched what, Optional<Map<TopicId, Long>> known) {
        return unauthorized();
    }

    @Override
    public void unfollow(SessionId session) {}

    @Override
    public Outcome<Principal> refresh(Principal principal) {
        return unauthorized();
    }

    @Override
    public void seen() {}

    @Override
    public void left() {}

    @Override
    public boolean unsure() {
        return false;
    }

    @Override
    public void close() {}

    private static <R> Outcome<R> unauthorized() {
        return Outcome.refused(ErrorCode.UNAUTHORIZED, "Expected a client that has said who it is");
    }
}
