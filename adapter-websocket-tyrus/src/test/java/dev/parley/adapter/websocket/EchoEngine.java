package dev.parley.adapter.websocket;

import dev.parley.application.Caller;
import dev.parley.application.ChatEngine;
import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.Watching;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.application.event.EventSink;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine that only keeps its links, and tells them all what the test tells it. */
final class EchoEngine implements ChatEngine {

    final Map<ConnectionId, EventSink> links = new ConcurrentHashMap<>();
    final Map<ConnectionId, Caller> callers = new ConcurrentHashMap<>();
    final AtomicInteger closed = new AtomicInteger();
    volatile boolean accepting = true;
    volatile boolean broken;
    volatile boolean faulty;
    private final AtomicInteger number = new AtomicInteger();

    void tell(Event event) {
        links.values().forEach(sink -> sink.accept(event));
    }

    @Override
    public <R> Outcome<R> handle(Caller caller, Command<R> command) {
        return Outcome.refused(ErrorCode.NOT_FOUND, "Nothing is here");
    }

    @Override
    public Link connect(Caller caller, EventSink sink) {
        if (broken) {
            throw new UnavailableException("The store is away");
        }
        if (faulty) {
            throw new IllegalStateException("A fault of the engine");
        }
        ConnectionId id = new ConnectionId("c" + number.incrementAndGet());
        links.put(id, sink);
        callers.put(id, caller);
        return new EchoLink(id);
    }

    @Override
    public boolean accepting() {
        return accepting;
    }

    @Override
    public void drain(Duration grace, Duration spread) {}

    @Override
    public void close() {}

    private final class EchoLink implements Link {
        private final ConnectionId id;

        EchoLink(ConnectionId id) {
            this.id = id;
        }

        @Override
        public ConnectionId id() {
            return id;
        }

        @Override
        public <R> Outcome<R> handle(Command<R> command) {
            return Outcome.refused(ErrorCode.NOT_FOUND, "Nothing is here");
        }

        @Override
        public Outcome<Following> follow(SessionId session, From from) {
            return Outcome.refused(ErrorCode.NOT_FOUND, "Nothing is here");
        }

        @Override
        public Outcome<Following> replay(SessionId session, From.Position from) {
            return Outcome.refused(ErrorCode.NOT_FOUND, "Nothing is here");
        }

        @Override
        public void unfollow(SessionId session) {}

        @Override
        public Outcome<Watching> watch(Watched what, Optional<Map<TopicId, Long>> known) {
            return Outcome.refused(ErrorCode.FORBIDDEN, "Not here");
        }

        @Override
        public Outcome<Principal> refresh(Principal principal) {
            return Outcome.done(principal);
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
        public void close() {
            links.remove(id);
            closed.incrementAndGet();
        }
    }
}
