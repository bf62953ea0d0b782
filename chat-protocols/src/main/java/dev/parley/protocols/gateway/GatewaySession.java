package dev.parley.protocols.gateway;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.Texts;
import dev.parley.protocols.socketio.NamespaceSession;
import dev.parley.protocols.socketio.NamespaceSocket;
import dev.parley.protocols.socketio.SocketEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One client of the gateway. */
final class GatewaySession implements NamespaceSession {

    private static final String BEARER = "bearer ";

    private final NamespaceSocket socket;
    private final GatewaySettings settings;
    private final EventFrames shared;
    private final Identities identities;
    private final GatewayState state;
    private final GatewayFrames frames;
    private final Entrance entrance;
    private final GatewayRequests requests;
    private final GatewayEvents events;
    private final boolean takesOffsets;
    private String sid = "";

    /** Whether the client went on over another connection. */
    private volatile boolean replaced;

    /** Used by whoever writes, and by nobody else. */
    private final Stamp stamp = new Stamp();

    GatewaySession(
            NamespaceSocket socket,
            GatewaySettings settings,
            Texts texts,
            EventFrames shared,
            Identities identities) {
        this.socket = socket;
        this.settings = settings;
        this.shared = shared;
        this.identities = identities;
        this.takesOffsets = socket.takesOffsets();
        this.state = new GatewayState(socket.handshake());
        this.frames = new GatewayFrames(state, settings, texts, shared);
        this.entrance = new Entrance(state, settings, frames);
        this.requests = new GatewayRequests(state, frames, entrance);
        this.events = new GatewayEvents(state, frames, shared, entrance);
    }

    @Override
    public List<Step> connecting(JsonObject auth, Instant now) {
        state.now(now);
        Optional<String> claimed;
        Optional<String> token;
        Optional<String> clientId;
        try {
            auth.text("language").ifPresent(tag -> state.speak(Texts.Language.preferred(List.of(tag), state.language())));
            claimed = GatewayFields.name(auth, "userId").filter(id -> !id.isEmpty());
            token = auth.text("token").map(GatewaySession::bare).filter(text -> !text.isEmpty());
            clientId = auth.text("clientId").or(() -> auth.text("client_id"));
        } catch (FieldException wrong) {
            return refuse(new Outcome.Refusal(ErrorCode.BAD_REQUEST, wrong.detail(), Optional.empty()));
        }
        return List.of(new Step.Identify(token, clientId, outcome -> switch (outcome) {
            case Outcome.Done<Handshake> done -> known(done.value(), claimed, auth);
            case Outcome.Refused<Handshake> no -> refuse(no.refusal());
        }));
    }

    private static String bare(String token) {
        return token.regionMatches(true, 0, BEARER, 0, BEARER.length()) ? token.substring(BEARER.length()).strip() : token;
    }

    /** Whom nobody vouches for is not who they say, and not refused for it. */
    private List<Step> known(Handshake handshake, Optional<String> claimed, JsonObject auth) {
        Principal who = handshake.principal();
        if (!who.anonymous() && claimed.filter(id -> !id.equals(who.user().value())).isPresent()) {
            return refuse(new Outcome.Refusal(
                    ErrorCode.FORBIDDEN, "Expected the userId that the token is of", Optional.empty()));
        }
        Texts.Language before = state.language();
        state.know(handshake);
        if (auth.has("language")) {
            state.speak(before);
        }
        Optional<NamespaceSocket.Identity> same =
                takesOffsets ? socket.pid().flatMap(secret -> identities.known(secret, who.user())) : Optional.empty();
        Optional<Offset> told = socket.offset().isEmpty() ? Optional.of(Offset.NOWHERE) : socket.offset().flatMap(Offset::parse);
        return same.isPresent() && told.isPresent()
                ? reach(same.get(), told.get(), told.get().places().entrySet().iterator())
                : welcome(identities.fresh(who.user(), takesOffsets), false, Offset.NOWHERE);
    }

    /** Whether the client can be told everything it missed; otherwise it begins anew, and knows it. */
    private List<Step> reach(
            NamespaceSocket.Identity same, Offset told, Iterator<Map.Entry<SessionId, Offset.Place>> rest) {
        if (!rest.hasNext()) {
            return welcome(same, true, told);
        }
        Map.Entry<SessionId, Offset.Place> next = rest.next();
        Command<Session> look = new Command.GetSession(next.getKey());
        return List.of(new Step.Ask<>(look, outcome -> {
            boolean reachable = switch (outcome) {
                case Outcome.Done<Session>(Session session) -> {
                    long missed = session.position() - next.getValue().position();
                    yield missed >= 0 && missed <= settings.recoverable();
                }
                // It is told below that it lost this one.
                case Outcome.Refused<Session>(Outcome.Refusal why) ->
                        why.code() == ErrorCode.FORBIDDEN || why.code() == ErrorCode.NOT_FOUND;
            };
            return reachable
                    ? reach(same, told, rest)
                    : welcome(identities.fresh(state.principal().user(), true), false, Offset.NOWHERE);
        }));
    }

    private List<Step> welcome(NamespaceSocket.Identity identity, boolean recovered, Offset offset) {
        List<Step> steps = new ArrayList<>(socket.accept(identity));
        if (!socket.connected()) {
            return steps;
        }
        sid = identity.sid();
        identities.came(sid, this);
        steps.add(frames.connected(identity.sid(), recovered, offset));
        offset.places().forEach((session, where) -> steps.addAll(entrance.goOn(session, where)));
        return steps;
    }

    private List<Step> refuse(Outcome.Refusal refusal) {
        return socket.refuse(frames.text(refusal), Optional.of(GatewayFrames.data(refusal)));
    }

    @Override
    public List<Step> received(SocketEvent event, Instant now) {
        state.now(now);
        return state.leaving() ? List.of() : requests.take(event);
    }

    @Override
    public List<Step> happened(Event event, Instant now) {
        state.now(now);
        return state.leaving() ? List.of() : events.tell(event);
    }

    @Override
    public List<Step> closing(Closing why, Instant now) {
        List<Step> steps = frames.leave(why);
        return steps.subList(0, steps.size() - 1);
    }

    /** The client went on over another connection; may come from any thread. */
    void replace() {
        replaced = true;
    }

    @Override
    public boolean overdue(Instant now) {
        return replaced;
    }

    @Override
    public List<Step> left(Instant now) {
        identities.went(sid, this);
        return entrance.leaveAll();
    }

    @Override
    public Optional<Frame> encode(Event.ReplyGrew grown) {
        return Optional.of(shared.chunk(grown));
    }

    @Override
    public Frame stamped(Frame frame) {
        return takesOffsets ? stamp.put(frame) : frame;
    }
}
