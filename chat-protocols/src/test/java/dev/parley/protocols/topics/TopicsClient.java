package dev.parley.protocols.topics;

import dev.parley.application.Link;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A client on either of the protocols' sockets, with everything in between left out. */
final class TopicsClient {

    private final ScriptedTopics engine;
    private final ProtocolSession session;
    private final boolean follows;
    private final List<Frame> sent = new ArrayList<>();
    Optional<Closing> closed = Optional.empty();

    TopicsClient(ScriptedTopics engine, Protocol protocol, Map<String, String> path, Map<String, String> query,
            List<String> languages) {
        this.engine = engine;
        this.follows = path.containsKey("session_id");
        this.session = protocol.open(new Handshake(
                new ConnectionId("c1"), Principal.trusted(new UserId("ana"), "user"), path, query, languages));
        perform(session.opened(engine.session.now));
    }

    void send(String frame) {
        perform(session.received(Frame.text(frame), engine.session.now));
    }

    void beat() {
        perform(session.heartbeat(engine.session.now));
    }

    void close(Closing why) {
        perform(List.of(new Step.Close(why)));
    }

    /** What was said since this was asked last. */
    List<String> take() {
        settle();
        List<String> texts = sent.stream().map(Frame::text).toList();
        sent.clear();
        return texts;
    }

    private void settle() {
        if (closed.isPresent()) {
            return;
        }
        for (Event event : engine.session.takeEvents()) {
            perform(session.happened(event, engine.session.now));
        }
    }

    private void perform(List<Step> first) {
        ArrayDeque<Step> steps = new ArrayDeque<>(first);
        while (!steps.isEmpty()) {
            List<Step> then = next(steps);
            for (int i = then.size() - 1; i >= 0; i--) {
                steps.addFirst(then.get(i));
            }
        }
    }

    private List<Step> next(ArrayDeque<Step> steps) {
        return switch (steps.remove()) {
            case Step.Send send -> {
                keep(send.outgoing());
                yield List.of();
            }
            case Step.Ask<?> ask -> asked(ask);
            case Step.Follow follow -> follow.then().apply(engine.session.follow(follow.from()));
            case Step.Watch watch -> {
                if (!follows) {
                    // Nothing is told before somebody follows; here it is the topic alone.
                    engine.session.follow(new Link.From.Now());
                }
                yield watch.then().apply(engine.watch(watch.what(), watch.known()));
            }
            case Step.Close close -> {
                steps.clear();
                if (closed.isEmpty()) {
                    for (Step last : session.closing(close.why(), engine.session.now)) {
                        keep(((Step.Send) last).outgoing());
                    }
                }
                closed = Optional.of(close.why());
                yield List.of();
            }
            case Step.Replay unwanted -> throw new AssertionError("Expected no replay");
            case Step.Unfollow unwanted -> throw new AssertionError("Expected the session to be followed");
            case Step.Refresh unwanted -> throw new AssertionError("Expected no newer token");
            case Step.Identify unwanted -> throw new AssertionError("Expected nobody to be asked who they are");
        };
    }

    private <R> List<Step> asked(Step.Ask<R> ask) {
        return ask.then().apply(engine.handle(ask.command()));
    }

    /** Stamped as it would be if nothing ever waited. */
    private void keep(Outgoing outgoing) {
        sent.add(session.stamped(switch (outgoing) {
            case Outgoing.Kept kept -> kept.frame();
            case Outgoing.Replaceable hint -> hint.frame();
            case Outgoing.Growing growing -> session.encode(growing.grown());
        }));
    }
}
