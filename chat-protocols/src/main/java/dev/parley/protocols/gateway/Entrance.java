package dev.parley.protocols.gateway;

import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.Presence;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Step;
import dev.parley.protocols.chat.Cursor;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.socketio.SocketEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** How a client comes into sessions and leaves them. */
final class Entrance {

    private final GatewayState state;
    private final GatewaySettings settings;
    private final GatewayFrames frames;

    /** Those who asked and are answered once it is known what they missed. */
    private final Map<SessionId, Waiting> waiting = new HashMap<>();

    private record Waiting(SocketEvent event, Following following) {}

    Entrance(GatewayState state, GatewaySettings settings, GatewayFrames frames) {
        this.state = state;
        this.settings = settings;
        this.frames = frames;
    }

    List<Step> join(SocketEvent event, JsonObject data) {
        SessionId session = GatewayFields.requiredSession(data);
        Command<Command.Entered> enter = new Command.EnterSession(
                session,
                data.text("visibility")
                        .map(word -> Fields.constant(Visibility.class, "visibility", word))
                        .orElse(settings.visibility()),
                data.text("projectId").map(id -> Fields.checked(() -> new ProjectId(id))),
                data.text("title"));
        Optional<String> since = GatewayFields.name(data, "since").filter(cursor -> !cursor.isEmpty());
        if (state.full() && state.place(session).isEmpty()) {
            return frames.failure(
                    event,
                    new Outcome.Refusal(
                            ErrorCode.BUSY,
                            "Expected at most " + GatewayState.MAX_PLACES + " sessions on one connection",
                            Optional.empty()),
                    Optional.of(session));
        }
        return List.of(new Step.Ask<>(enter, outcome -> switch (outcome) {
            case Outcome.Done<Command.Entered> done -> follow(event, session, since);
            case Outcome.Refused<Command.Entered> no -> frames.failure(event, no.refusal(), Optional.of(session));
        }));
    }

    private List<Step> follow(SocketEvent event, SessionId session, Optional<String> since) {
        Optional<Cursor> cursor = since.flatMap(Cursor::parse);
        // A cursor that means nothing is not the client's fault for ever: it is told to load anew.
        Link.From from = since.isEmpty()
                ? new Link.From.LastHere()
                : cursor.<Link.From>map(Cursor::from).orElseGet(Link.From.Now::new);
        return List.of(new Step.Follow(session, from, outcome -> switch (outcome) {
            case Outcome.Done<Following>(Following following) -> entered(event, following, since.isEmpty() || cursor.isPresent());
            case Outcome.Refused<Following> no -> frames.failure(event, no.refusal(), Optional.of(session));
        }));
    }

    private List<Step> entered(SocketEvent event, Following following, boolean complete) {
        Optional<Missed> missed = following.behind() ? Optional.of(new Missed()) : Optional.empty();
        Place place = new Place(following.session(), following.present(), missed);
        state.enter(place);
        waiting.put(place.session(), new Waiting(event, following));
        return missed.isPresent()
                ? List.of()
                : joined(place, following.position(), following.position(), complete, 0);
    }

    /**
     * The client is in: it is told so, and answered.
     *
     * @param from what it knows of the session before it is told what it missed
     * @param cursor what it knows afterwards
     */
    List<Step> joined(Place place, long from, long cursor, boolean complete, int missed) {
        Waiting asked = waiting.remove(place.session());
        if (asked == null) {
            return List.of();
        }
        Consumer<JsonWriter> fields =
                frames.in(asked.following().session(), asked.following().present(), cursor, complete, missed);
        List<Step> steps = new ArrayList<>();
        // Whoever has the answer also has the offset that says so.
        steps.add(frames.joined(place.session(), from, fields));
        steps.addAll(frames.success(asked.event(), fields));
        return steps;
    }

    /** Goes on where the client was cut off. */
    List<Step> goOn(SessionId session, Offset.Place where) {
        Link.From from = new Link.From.Position(where.position(), where.shown());
        return List.of(new Step.Follow(session, from, outcome -> switch (outcome) {
            case Outcome.Done<Following>(Following following) -> {
                state.enter(new Place(following.session(), following.present(), Optional.empty()));
                yield List.of(frames.again(following.session(), following.present(), where.position()));
            }
            case Outcome.Refused<Following> no -> List.of(frames.lost(session, Closing.of(no.refusal()).reason()));
        }));
    }

    /** The session was taken from the client; whoever still waited to be in is told that they are not. */
    List<Step> lost(SessionId session, Closing.Reason why) {
        state.exit(session);
        List<Step> steps = new ArrayList<>();
        steps.add(frames.lost(session, why));
        Waiting asked = waiting.remove(session);
        if (asked != null) {
            ErrorCode code = why == Closing.Reason.REMOVED ? ErrorCode.FORBIDDEN : ErrorCode.GONE;
            steps.addAll(frames.failure(
                    asked.event(), new Outcome.Refusal(code, "", Optional.empty()), Optional.of(session)));
        }
        return steps;
    }

    /** Ends only what this connection is told: who leaves goes on to belong to the session. */
    List<Step> leave(SocketEvent event, JsonObject data) {
        SessionId session = GatewayFields.requiredSession(data);
        List<Step> steps = new ArrayList<>();
        if (state.place(session).isPresent()) {
            state.exit(session);
            waiting.remove(session);
            steps.add(new Step.Unfollow(session));
        }
        steps.add(frames.left(session));
        steps.addAll(frames.success(event, json -> json.field("sessionId", session.value())));
        return steps;
    }

    /** Who is there. */
    List<Step> presence(SocketEvent event, JsonObject data) {
        SessionId session = GatewayFields.requiredSession(data);
        Command<List<Presence.Present>> list = new Command.ListPresent(session);
        return List.of(new Step.Ask<>(list, outcome -> switch (outcome) {
            case Outcome.Done<List<Presence.Present>> done -> frames.success(event, json -> {
                json.field("sessionId", session.value());
                json.each("users", done.value(), (to, who) -> to.begin()
                        .field("userId", who.user().value())
                        .field("userName", who.name())
                        .field("status", "online")
                        .end());
            });
            case Outcome.Refused<List<Presence.Present>> no ->
                    frames.failure(event, no.refusal(), Optional.of(session));
        }));
    }

    /** What is to be undone when the client goes and its connection stays. */
    List<Step> leaveAll() {
        List<Step> steps = new ArrayList<>();
        for (SessionId session : state.sessions()) {
            state.exit(session);
            steps.add(new Step.Unfollow(session));
        }
        waiting.clear();
        return steps;
    }
}
