package dev.parley.protocols.gateway;

import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.chat.ScriptedEngine;
import dev.parley.protocols.connection.Arrival;
import dev.parley.protocols.json.Texts;
import dev.parley.protocols.socketio.SocketIoProtocol;
import dev.parley.protocols.socketio.SocketIoSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A client of Socket.IO on the state machines alone: does the steps as a host would, and keeps what was sent. */
final class GatewayClient {

    static final Instant START = Instant.parse("2026-11-21T12:00:00.123Z");
    static final UserId ANA = new UserId("ana");

    private static final SocketIoProtocol PROTOCOL = SocketIoProtocol.builder(SocketIoSettings.STANDARD)
            .namespace("/chat",
                    new ChatGateway(new GatewaySettings(GatewaySettings.DEFAULT.visibility(), 5000, 50), Texts.load()))
            .build();

    /** Sessions that there are, or are made by coming in. */
    static final class Halls {
        final Map<SessionId, ScriptedEngine> all = new LinkedHashMap<>();
        final Set<SessionId> followed = new LinkedHashSet<>();
        Instant now = START;

        ScriptedEngine hall(String id) {
            return all.computeIfAbsent(new SessionId(id), fresh -> new ScriptedEngine(fresh, ANA, now));
        }

        private ScriptedEngine with(MessageId message) {
            return all.values()
                    .stream()
                    .filter(hall -> hall.messages.containsKey(message))
                    .findFirst()
                    .orElseGet(() -> hall("session-123"));
        }

        private ScriptedEngine of(Command<?> command) {
            return switch (command) {
                case Command.EnterSession enter -> hall(enter.session().value());
                case Command.SendMessage send -> hall(send.session().value());
                case Command.StopReplies stop -> hall(stop.session().value());
                case Command.GetSession get -> hall(get.session().value());
                case Command.ListPresent list -> hall(list.session().value());
                case Command.SetTyping typing -> hall(typing.session().value());
                case Command.EditMessage edit -> with(edit.message());
                case Command.DeleteMessage delete -> with(delete.message());
                case Command.React react -> with(react.message());
                case Command.MarkReceived mark -> with(mark.message());
                case Command.GetMessage get -> with(get.message());
                case Command.ChargeEvent charge -> hall("session-123");
                default -> throw new AssertionError("Expected no " + command);
            };
        }
    }

    final Halls halls;
    Optional<Closing> closed = Optional.empty();
    private final List<Frame> sent = new ArrayList<>();
    private final ProtocolSession session;
    private final boolean optional;

    /**
     * @param query of the request that opened the connection
     * @param optional whether somebody without a token is anonymous
     */
    GatewayClient(Halls halls, Map<String, String> query, boolean optional) {
        this.halls = halls;
        this.optional = optional;
        this.session = PROTOCOL.open(handshake(Arrival.STRANGER, query));
        perform(session.opened(halls.now));
    }

    private static Handshake handshake(Principal who, Map<String, String> query) {
        return new Handshake(new ConnectionId("c1"), who, Map.of(), query, List.of("en"));
    }

    void send(String packet) {
        perform(session.received(Frame.text(packet), halls.now));
    }

    void close(Closing why) {
        perform(List.of(new Step.Close(why)));
    }

    boolean overdue() {
        return session.overdue(halls.now);
    }

    void cut() {
        session.ended(halls.now);
        halls.followed.clear();
        closed = Optional.of(Closing.because(Closing.Reason.TIMEOUT));
    }

    /** Gives what has happened where this client is. */
    void settle() {
        for (SessionId id : List.copyOf(halls.followed)) {
            for (Event event : halls.all.get(id).takeEvents()) {
                if (event instanceof Event.SessionLost) {
                    halls.followed.remove(id);
                }
                perform(session.happened(event, halls.now));
            }
        }
    }

    void tell(Event event) {
        perform(session.happened(event, halls.now));
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
            List<Step> then = step(steps.poll(), steps);
            for (int i = then.size() - 1; i >= 0; i--) {
                steps.addFirst(then.get(i));
            }
        }
    }

    private List<Step> step(Step step, ArrayDeque<Step> rest) {
        return switch (step) {
            case Step.Send send -> {
                keep(send.outgoing());
                yield List.of();
            }
            case Step.Ask<?> ask -> asked(ask);
            case Step.Follow follow -> follow.then().apply(follow(follow.session(), follow.from()));
            case Step.Unfollow unfollow -> {
                halls.followed.remove(unfollow.session());
                yield List.of();
            }
            case Step.Identify identify -> identify.then().apply(identified(identify.token()));
            case Step.Replay replay -> throw new AssertionError("Expected no " + replay);
            case Step.Watch watch -> throw new AssertionError("Expected no " + watch);
            case Step.Refresh refresh -> throw new AssertionError("Expected no " + refresh);
            case Step.Close close -> {
                rest.clear();
                lastWords(close.why());
                yield List.of();
            }
        };
    }

    private Outcome<Following> follow(SessionId id, Link.From from) {
        ScriptedEngine hall = halls.hall(id.value());
        if (!hall.refusals.isEmpty()) {
            return new Outcome.Refused<>(hall.refusals.poll());
        }
        halls.followed.add(id);
        return hall.follow(from)
                .then(following -> Outcome.done(new Following(
                        following.session(),
                        following.position(),
                        following.present(),
                        from instanceof Link.From.Position)));
    }

    private Outcome<Handshake> identified(Optional<String> token) {
        if (token.isEmpty() && !optional || token.filter("forged"::equals).isPresent()) {
            return Outcome.refused(ErrorCode.UNAUTHORIZED, "Expected a token that is genuine and in force");
        }
        if (token.filter("too-many"::equals).isPresent()) {
            return Outcome.refused(ErrorCode.BUSY, "Expected fewer connections to this server", Duration.ofSeconds(5));
        }
        Principal who = token.isPresent()
                ? new Principal(
                        ANA, "Ana", Set.of("user"), false, Optional.empty(), START, Optional.of(START.plusSeconds(3600)))
                : new Principal(
                        new UserId("anonymous-1"), "Guest", Set.of(), true, Optional.empty(), START, Optional.empty());
        return Outcome.done(handshake(who, Map.of()));
    }

    private void lastWords(Closing why) {
        if (closed.isEmpty()) {
            for (Step step : session.closing(why, halls.now)) {
                if (step instanceof Step.Send send) {
                    keep(send.outgoing());
                }
            }
        }
        closed = Optional.of(why);
    }

    private <R> List<Step> asked(Step.Ask<R> ask) {
        Outcome<R> outcome = halls.of(ask.command()).handle(ask.command());
        return ask.then().apply(outcome);
    }

    private void keep(Outgoing outgoing) {
        sent.add(session.stamped(
                switch (outgoing) {
                    case Outgoing.Kept kept -> kept.frame();
                    case Outgoing.Replaceable hint -> hint.frame();
                    case Outgoing.Growing growing -> session.encode(growing.grown());
                }));
    }
}
