package dev.parley.protocols.gateway;

import dev.parley.application.command.Outcome;
import dev.parley.domain.access.Principal;
import dev.parley.domain.live.Presence;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.SessionJson;
import dev.parley.protocols.json.Texts;
import dev.parley.protocols.json.WireTime;
import dev.parley.protocols.socketio.SocketEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What one client is answered and told for itself. Used by one thread at a time. */
final class GatewayFrames {

    private final GatewayState state;
    private final GatewaySettings settings;
    private final Texts texts;
    private final EventFrames shared;

    GatewayFrames(GatewayState state, GatewaySettings settings, Texts texts, EventFrames shared) {
        this.state = state;
        this.settings = settings;
        this.texts = texts;
        this.shared = shared;
    }

    /** {@code offset} where the client goes on */
    Step connected(String sid, boolean recovered, Offset offset) {
        Principal who = state.principal();
        Frame packet = shared.told("connection:success", json -> {
            json.field("userId", who.user().value()).field("userName", who.name());
            json.field("anonymous", who.anonymous()).field("socketId", sid);
            json.field("connectionId", state.handshake().connection().value());
            json.field("recovered", recovered).texts("sessions", offset.places().keySet());
            json.field("maxMessageLength", settings.maxMessageLength()).field("timestamp", state.now());
            who.expiresAt().ifPresent(expiry -> json.field("expiresAt", expiry));
        });
        List<Frame.Mark> marks = offset.places()
                .entrySet()
                .stream().<Frame
                        .Mark>map(entry -> new Frame.Mark.Of(entry.getKey(), mark(entry.getValue())))
                .toList();
        return kept(new Frame(packet.utf8(), new Frame.Mark.All(marks)));
    }

    private static Frame.Mark mark(Offset.Place place) {
        List<Frame.Mark> marks = new ArrayList<>();
        marks.add(new Frame.Mark.At(place.position()));
        place.shown().forEach((reply, length) -> marks.add(new Frame.Mark.Shown(reply, length)));
        return new Frame.Mark.All(marks);
    }

    /** What is answered to somebody who is in now, and told them too. */
    Consumer<JsonWriter> in(Session session, List<Presence.Present> present, long cursor, boolean complete, int missed) {
        return json -> {
            json.field("sessionId", session.id().value()).field("cursor", Long.toString(cursor));
            json.field("complete", complete).field("missed", missed);
            here(json, session, present);
        };
    }

    /** Tells who is there now to somebody who goes on after a cut: who came and went meanwhile is told to nobody later. */
    Step again(Session session, List<Presence.Present> present, long cursor) {
        return kept(shared.told("session:joined", json -> {
            json.field("sessionId", session.id().value()).field("cursor", Long.toString(cursor));
            json.field("recovered", true);
            here(json, session, present);
        }));
    }

    private static void here(JsonWriter json, Session session, List<Presence.Present> present) {
        json.field("title", session.title()).field("visibility", SessionJson.word(session.visibility()));
        json.nullable("owner", session.owner().map(Object::toString));
        json.texts("members", session.members().stream().map(Member::user).toList());
        json.texts("online", present.stream().map(Presence.Present::user).toList());
    }

    /** {@code from} what the client knows of the session once it has this */
    Step joined(SessionId session, long from, Consumer<JsonWriter> fields) {
        Frame packet = shared.told("session:joined", fields);
        return kept(new Frame(
                packet.utf8(),
                new Frame.Mark.All(
                        List.of(new Frame.Mark.Left(session), new Frame.Mark.Of(session, new Frame.Mark.At(from))))));
    }

    /** The client left. */
    Step left(SessionId session) {
        return gone("session:left", session, json -> {});
    }

    /** The session was taken from the client. */
    Step lost(SessionId session, Closing.Reason why) {
        return gone("session:leave", session, json -> json.field("reason", why.word()));
    }

    private Step gone(String name, SessionId session, Consumer<JsonWriter> fields) {
        Frame packet = shared.told(name, json -> {
            json.field("sessionId", session.value());
            fields.accept(json);
        });
        return kept(new Frame(packet.utf8(), new Frame.Mark.Left(session)));
    }

    /** Something is missing that can no longer be told one by one. */
    Step reload(SessionId session) {
        return kept(shared.told("session:reload", json -> json.field("sessionId", session.value())));
    }

    /** It is stored; told to whoever sent it. */
    Step delivered(Message message) {
        return kept(shared.told("message:delivered", json -> {
            json.field("messageId", message.id().value()).field("sessionId", message.session().value());
            json.optional("clientId", message.clientId()).field("timestamp", message.createdAt());
        }));
    }

    Step announcement(String message, Enum<?> level) {
        return kept(shared.told(
                "announcement", json -> json.field("message", message).field("level", SessionJson.word(level))));
    }

    /** Says why, unless that was said before, and closes; the last step is the closing. */
    List<Step> leave(Closing why) {
        Step close = new Step.Close(why);
        if (state.leaving() || why.reason() == Closing.Reason.ASKED) {
            state.leave();
            return List.of(close);
        }
        state.leave();
        return List.of(
                kept(shared.told("server:disconnect", json -> {
                    json.field("reason", why.reason().word()).field("code", why.reason().code());
                    why.reconnectIn().ifPresent(wait -> json.field("reconnect_in", WireTime.seconds(wait)));
                })),
                close);
    }

    // Answers

    List<Step> success(SocketEvent event, Consumer<JsonWriter> fields) {
        return event.answer(json -> {
            json.begin().field("success", true);
            fields.accept(json);
            json.end();
        });
    }

    /** Answers why something is not done; tells it where no answer is waited for. */
    List<Step> failure(SocketEvent event, Outcome.Refusal refusal, Optional<SessionId> session) {
        if (event.acknowledged()) {
            return event.answer(json -> {
                json.begin().field("success", false);
                refused(json, refusal).end();
            });
        }
        boolean stream = event.name().equals("stream:request");
        return List.of(kept(shared.told(stream ? "stream:error" : "error", json -> {
            json.field("event", event.name());
            session.ifPresent(id -> json.field("sessionId", id.value()));
            refused(json, refusal);
        })));
    }

    private JsonWriter refused(JsonWriter json, Outcome.Refusal refusal) {
        json.field("error", text(refusal)).field("code", refusal.code().name());
        refusal.retryAfter().ifPresent(wait -> json.field("retry_after", WireTime.wholeSeconds(wait)));
        return refusal.detail().isEmpty() ? json : json.field("details", refusal.detail());
    }

    String text(Outcome.Refusal refusal) {
        return texts.error(refusal.code(), state.language());
    }

    /** What is behind the text of a refusal at the door. */
    static JsonValue data(Outcome.Refusal refusal) {
        Map<String, JsonValue> data = new LinkedHashMap<>();
        data.put("code", new JsonValue.Text(refusal.code().name()));
        refusal.retryAfter()
                .ifPresent(wait -> data.put(
                        "retry_after", new JsonValue.Numeral(Long.toString(WireTime.wholeSeconds(wait)))));
        return new JsonObject(data);
    }

    static Step kept(Frame frame) {
        return new Step.Send(new Outgoing.Kept(frame));
    }
}
