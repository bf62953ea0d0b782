package dev.parley.protocols.connection;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** An engine of one link that answers what the test says. */
final class ScriptedEngine implements ChatEngine {

    final List<Command<?>> asked = new ArrayList<>();
    Function<Command<?>, Outcome<?>> answer = command -> Outcome.refused(ErrorCode.NOT_FOUND, "Nothing is here");
    Runnable missed = () -> {};
    Optional<EventSink> sink = Optional.empty();
    Optional<Principal> refreshed = Optional.empty();
    int seen;
    int closed;
    int left;
    volatile boolean unsure;

    @Override
    public <R> Outcome<R> handle(Caller caller, Command<R> command) {
        throw new AssertionError("Expected questions through the link");
    }

    @Override
    public Link connect(Caller caller, EventSink told) {
        sink = Optional.of(told);
        return new OnlyLink();
    }

    @Override
    public boolean accepting() {
        return true;
    }

    @Override
    public void drain(Duration grace, Duration spread) {}

    @Override
    public void close() {}

    private final class OnlyLink implements Link {
        @Override
        public ConnectionId id() {
            return new ConnectionId("c1");
        }

        @Override
        @SuppressWarnings("unchecked")
        public <R> Outcome<R> handle(Command<R> command) {
            asked.add(command);
            return (Outcome<R>) answer.apply(command);
        }

        @Override
        public Outcome<Following> follow(SessionId session, From from) {
            missed.run();
            return Outcome.refused(ErrorCode.FORBIDDEN, "Not here");
        }

        @Override
        public Outcome<Following> replay(SessionId session, From.Position from) {
            return Outcome.refused(ErrorCode.FORBIDDEN, "Not here");
        }

        @Override
        public void unfollow(SessionId session) {}

        @Override
        public Outcome<Watching> watch(Watched what, Optional<Map<TopicId, Long>> known) {
            return Outcome.refused(ErrorCode.FORBIDDEN, "Not here");
        }

        @Override
        public Outcome<Principal> refresh(Principal principal) {
            refreshed = Optional.of(principal);
            return Outcome.done(principal);
        }

        @Override
        public void seen() {
            seen++;
        }

        @Override
        public boolean unsure() {
            return unsure;
        }

        @Override
        public void left() {
            left++;
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
