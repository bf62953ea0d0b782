package dev.parley.protocols.ticket;

import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.Texts;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One client on the state machine alone: does the steps as a host would, and keeps what was sent. */
final class TicketClient {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123Z");

    final ScriptedTickets engine;
    Optional<Closing> closed = Optional.empty();
    private final List<String> sent = new ArrayList<>();
    private final ProtocolSession session;

    TicketClient(ScriptedTickets engine, Map<String, String> how) {
        this.engine = engine;
        TicketProtocol protocol = new TicketProtocol(
                new TicketSettings(!how.containsKey("server")), Texts.load());
        Optional<String> prefers = Optional.ofNullable(how.get("prefers"));
        this.session = protocol.open(new Handshake(
                new ConnectionId("c1"),
                Principal.trusted(new UserId("ana")),
                Map.of("ticketId", how.getOrDefault("ticket", "4711")),
                how.containsKey("language") ? Map.of("language", how.get("language")) : Map.of(),
                prefers.stream().toList()));
    }

    void open() {
        perform(session.opened(NOW));
    }

    void send(String frame) {
        perform(session.received(Frame.text(frame), NOW));
    }

    void beat() {
        perform(session.heartbeat(NOW));
    }

    /** Gives what has happened. */
    void settle() {
        for (Event event : engine.takeEvents()) {
            perform(session.happened(event, NOW));
        }
    }

    List<String> take() {
        List<String> texts = List.copyOf(sent);
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
                        case Step.Follow follow -> follow.then().apply(engine.follow());
                        case Step.Close close -> {
                            steps.clear();
                            closed = Optional.of(close.why());
                            session.closing(close.why(), NOW);
                            yield List.of();
                        }
                        case Step.Replay unwanted -> throw new AssertionError("Expected nothing to be replayed");
                        case Step.Watch unwanted -> throw new AssertionError("Expected a protocol without topics");
                        case Step.Unfollow unwanted -> throw new AssertionError("Expected the ticket to be followed");
                        case Step.Identify identify -> throw new AssertionError("Expected nobody to be asked who they are");
                        case Step.Refresh unwanted -> throw new AssertionError("Expected no new token");
                    };
            for (int i = then.size() - 1; i >= 0; i--) {
                steps.addFirst(then.get(i));
            }
        }
    }

    private <R> List<Step> asked(Step.Ask<R> ask) {
        return ask.then().apply(engine.handle(ask.command()));
    }

    private void keep(Outgoing outgoing) {
        sent.add(
                switch (outgoing) {
                    case Outgoing.Kept kept -> kept.frame().text();
                    case Outgoing.Replaceable hint -> hint.frame().text();
                    case Outgoing.Growing growing -> session.encode(growing.grown()).text();
                });
    }
}
