package dev.parley.protocols.rooms;

import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One client on the state machine alone: does the steps as a host would, and keeps what was sent. */
final class RoomsClient {

    static final Instant START = Instant.parse("2026-11-21T12:00:00.123Z");

    private static final RoomsSettings SETTINGS = new RoomsSettings(
            RoomsSettings.DEFAULT.visibility(), 5000, Duration.ofSeconds(30), new Prices(Map.of("gpt-4", 0.02)));

    final Town town;
    Optional<Closing> closed = Optional.empty();
    private final List<Frame> sent = new ArrayList<>();
    private final Set<SessionId> followed = new HashSet<>();
    private final ProtocolSession session;

    private RoomsClient(Town town, ProtocolSession session) {
        this.town = town;
        this.session = session;
    }

    static RoomsClient opened(Town town, Map<String, String> query) {
        Principal ana = new Principal(
                Town.ANA, "Ana", Set.of("user"), false, Optional.empty(), START, Optional.of(START.plusSeconds(3600)));
        RoomsProtocol protocol = new RoomsProtocol(() -> "made-by-the-server", SETTINGS, Texts.load());
        Handshake handshake = new Handshake(new ConnectionId("c1"), ana, Map.of(), query, List.of("en"));
        RoomsClient client = new RoomsClient(town, protocol.open(handshake));
        client.perform(client.session.opened(town.now));
        return client;
    }

    void send(String frame) {
        perform(session.received(Frame.text(frame), town.now));
    }

    void heartbeat() {
        perform(session.heartbeat(town.now));
    }

    void close(Closing why) {
        perform(List.of(new Step.Close(why)));
    }

    /** Gives what has happened where this client is. */
    void settle() {
        for (Event event : town.takeEvents()) {
            if (event instanceof Event.InSession inside) {
                if (!followed.contains(inside.session())) {
                    continue;
                }
                if (event instanceof Event.SessionLost) {
                    followed.remove(inside.session());
                }
            }
            perform(session.happened(event, town.now));
        }
    }

    /** What was sent since this was asked last. */
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
                        case Step.Follow follow -> {
                            followed.add(follow.session());
                            yield follow.then().apply(town.follow(follow.session(), follow.from()));
                        }
                        case Step.Unfollow unfollow -> {
                            followed.remove(unfollow.session());
                            yield List.of();
                        }
                        case Step.Replay replay -> throw new AssertionError("Expected no " + replay);
                        case Step.Watch watch -> throw new AssertionError("Expected no " + watch);
                        case Step.Identify identify ->
                                throw new AssertionError("Expected nobody to be asked who they are");
                        case Step.Refresh refresh -> throw new AssertionError("Expected no " + refresh);
                        case Step.Close close -> {
                            steps.clear();
                            lastWords(close.why());
                            yield List.of();
                        }
                    };
            for (int i = then.size() - 1; i >= 0; i--) {
                steps.addFirst(then.get(i));
            }
        }
    }

    private void lastWords(Closing why) {
        if (closed.isEmpty()) {
            for (Step step : session.closing(why, town.now)) {
                if (step instanceof Step.Send send) {
                    keep(send.outgoing());
                }
            }
        }
        closed = Optional.of(why);
    }

    private <R> List<Step> asked(Step.Ask<R> ask) {
        Outcome<R> outcome = town.handle(ask.command());
        return ask.then().apply(outcome);
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
