package dev.parley.benchmarks.micro;

import dev.parley.application.Caller;
import dev.parley.application.ChatEngine;
import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.Watching;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.EventSink;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An engine that refuses whatever it is asked, and gives away the sink of the newest connection. Used by one thread. */
final class SilentEngine implements ChatEngine {

    private @Nullable EventSink newest;

    EventSink newest() {
        if (newest == null) {
            throw new IllegalStateException("Expected a connection, found none");
        }
        return newest;
    }

    @Override
    public <R> Outcome<R> handle(Caller caller, Command<R> command) {
        return Outcome.refused(ErrorCode.BUSY, "");
    }

    @Override
    public Link connect(Caller caller, EventSink sink) {
        newest = sink;
        return new SilentLink();
    }

    @Override
    public boolean accepting() {
        return true;
    }

    @Override
    public void drain(Duration grace, Duration spread) {}

    @Override
    public void close() {}

    private static final class SilentLink implements Link {

        @Override
        public ConnectionId id() {
            return new ConnectionId("c1");
        }

        @Override
        public <R> Outcome<R> handle(Command<R> command) {
            return Outcome.refused(ErrorCode.BUSY, "");
        }

        @Override
        public Outcome<Following> follow(SessionId session, From from) {
            return Outcome.refused(ErrorCode.BUSY, "");
        }

        @Override
        public Outcome<Following> replay(SessionId session, From.Position from) {
            return Outcome.refused(ErrorCode.BUSY, "");
        }

        @Override
        public void unfollow(SessionId session) {}

        @Override
        public Outcome<Watching> watch(Watched what, Optional<Map<TopicId, Long>> known) {
            return Outcome.refused(ErrorCode.BUSY, "");
        }

        @Override
        public Outcome<Principal> refresh(Principal principal) {
            return Outcome.refused(ErrorCode.BUSY, "");
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
    }
}
