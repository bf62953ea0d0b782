package dev.parley.protocols.gateway;

import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.socketio.SocketEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a client's events ask for. */
final class GatewayRequests {

    private final GatewayFrames frames;
    private final Entrance entrance;
    private final Messaging messaging;
    private final Streams streams;

    GatewayRequests(GatewayState state, GatewayFrames frames, Entrance entrance) {
        this.frames = frames;
        this.entrance = entrance;
        this.messaging = new Messaging(state, frames);
        this.streams = new Streams(state, frames);
    }

    /** What one event wants done; whatever is wrong with it is answered. */
    List<Step> take(SocketEvent event) {
        return switch (event.name()) {
            case "session:join" -> charged(event, data -> entrance.join(event, data));
            case "session:leave" -> parsed(event, data -> entrance.leave(event, data));
            case "message:send" -> parsed(event, data -> messaging.send(event, data));
            case "message:edit" -> charged(event, data -> messaging.edit(event, data));
            case "message:delete" -> charged(event, data -> messaging.delete(event, data));
            case "message:reaction" -> charged(event, data -> messaging.react(event, data));
            case "message:seen" -> charged(event, data -> messaging.mark(event, data, Receipt.READ));
            case "message:delivered" -> charged(event, data -> messaging.mark(event, data, Receipt.DELIVERED));
            case "typing:start" -> charged(event, data -> typing(event, data, true));
            case "typing:stop" -> parsed(event, data -> typing(event, data, false));
            case "presence:update" -> charged(event, data -> entrance.presence(event, data));
            case "stream:request" -> parsed(event, data -> streams.request(event, data));
            case "stream:stop" -> parsed(event, data -> streams.stop(event, data));
            default -> charged(event, "unknown", data -> frames.failure(
                    event,
                    new Outcome.Refusal(
                            ErrorCode.UNKNOWN_TYPE, "Expected an event that this namespace has", Optional.empty()),
                    Optional.empty()));
        };
    }

    private List<Step> typing(SocketEvent event, JsonObject data, boolean active) {
        SessionId session = GatewayFields.requiredSession(data);
        Command<Nothing> command = new Command.SetTyping(session, active);
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<Nothing> done ->
                    frames.success(event, json -> json.field("sessionId", session.value()));
            case Outcome.Refused<Nothing> no -> frames.failure(event, no.refusal(), Optional.of(session));
        }));
    }

    private List<Step> charged(SocketEvent event, Function<JsonObject, List<Step>> steps) {
        return charged(event, event.name(), steps);
    }

    private List<Step> charged(SocketEvent event, String kind, Function<JsonObject, List<Step>> steps) {
        Command<Nothing> charge = new Command.ChargeEvent(kind);
        return List.of(new Step.Ask<>(charge, outcome -> switch (outcome) {
            case Outcome.Done<Nothing> done -> parsed(event, steps);
            case Outcome.Refused<Nothing> no -> frames.failure(event, no.refusal(), Optional.empty());
        }));
    }

    private List<Step> parsed(SocketEvent event, Function<JsonObject, List<Step>> steps) {
        try {
            return steps.apply(event.arguments()
                    .object(0)
                    .orElseThrow(() -> new FieldException("Expected an object with the fields of " + event.name())));
        } catch (FieldException wrong) {
            return frames.failure(
                    event,
                    new Outcome.Refusal(ErrorCode.BAD_REQUEST, wrong.detail(), Optional.empty()),
                    Optional.empty());
        }
    }
}
