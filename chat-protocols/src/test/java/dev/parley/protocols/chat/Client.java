package dev.parley.protocols.chat;

import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One client on the state machine alone: does the steps as a host would, and keeps what was sent. */
final class Client {

    static final Instant START = Instant.parse("2026-11-21T12:00:00.123Z");

    final ScriptedEngine engine;
    final List<Frame> sent = new ArrayList<>();
    Optional<Closing> closed = Optional.empty();
    private final ProtocolSession session;
    private final Principal principal;

    private Client(ScriptedEngine engine, ProtocolSession session, Principal principal) {
        this.engine = engine;
        this.session = session;
        this.principal = principal;
    }

    static ScriptedEngine engine() {
        return new ScriptedEngine(new SessionId("test-session"), new UserId("ana"), START);
    }

    static Principal ana() {
        return new Principal(
                new UserId("ana"),
                "Ana",
                Set.of("user"),
                false,
                Optional.empty(),
                START,
                Optional.of(START.plus(Duration.ofHours(1))));
    }

    static Handshake handshake(Map<String, String> path, Map<String, String> query, List<String> languages) {
        return new Handshake(new ConnectionId("c1"), ana(), path, query, languages);
    }

    static Client of(ScriptedEngine engine, Map<String, String> query) {
        return of(engine, new ChatProtocol(() -> "made-by-the-server", ChatSettings.DEFAULT, Texts.load()), query);
    }

    static Client of(ScriptedEngine engine, ChatProtocol protocol, Map<String, String> query) {
        String id = query.getOrDefault("session", "test-session");
        Handshake handshake = handshake(Map.of("session_id", id), query, List.of("en"));
        return new Client(engine, protocol.open(handshake), handshake.principal());
    }

    void open() {
        perform(session.opened(engine.now));
    }

    void send(String frame) {
        send(Frame.text(frame));
    }

    void send(Frame frame) {
        perform(session.received(frame, engine.now));
    }

    /** Gives what has happened. */
    void settle() {
        for (Event event : engine.takeEvents()) {
            perform(session.happened(event, engine.now));
        }
    }

    void close(Closing why) {
        perform(List.of(new Step.Close(why)));
    }

    List<String> take() {
        List<String> texts = sent.stream().map(Frame::text).toList();
        sent.clear();
        return texts;
    }

    private void perform(List<Step> first) {
        ArrayDeque<Step> steps = new ArrayDeque<>(first);
        while (!steps.isEmpty()) {
            List<Step> then =
                    switch (steps.poll()) {
                        case Step.Send send -> {
                            keep(send.outgoing());
                            yield List.of();
                        }
                        case Step.Ask<?> ask -> asked(ask);
                        case Step.Follow follow -> follow.then().apply(engine.follow(follow.from()));
                        case Step.Replay replay -> replay.then().apply(engine.replay(replay.from()));
                        case Step.Watch watch -> throw new AssertionError("Expected a protocol without topics");
                        case Step.Unfollow unfollow -> List.of();
                        case Step.Refresh refresh -> refresh.then()
                                .apply(
                                        refresh.token().equals("newer")
                                                ? Outcome.done(principal)
                                                : Outcome.refused(
                                                        dev.parley.domain.error.ErrorCode.UNAUTHORIZED, "Expected a token"));
                        case Step.Identify identify ->
                                throw new AssertionError("Expected nobody to be asked who they are");
                        case Step.Close close -> {
                            steps.clear();
                            if (closed.isEmpty()) {
                                session.closing(close.why(), engine.now).forEach(step -> {
                                    if (step instanceof Step.Send send) {
                                        keep(send.outgoing());
                                    }
                                });
                            }
                            closed = Optional.of(close.why());
                            yield List.of();
                        }
                    };
            for (int i = then.size() - 1; i >= 0; i--) {
                steps.addFirst(then.get(i));
            }
        }
        if (closed.isEmpty()) {
            settle();
        }
    }

    private <R> List<Step> asked(Step.Ask<R> ask) {
        return ask.then().apply(engine.handle(ask.command()));
    }

    private void keep(Outgoing outgoing) {
        sent.add(
                switch (outgoing) {
                    case Outgoing.Kept kept -> kept.frame();
                    case Outgoing.Replaceable hint -> hint.frame();
                    case Outgoing.Growing growing -> session.encode(growing.grown());
                });
    }
}
