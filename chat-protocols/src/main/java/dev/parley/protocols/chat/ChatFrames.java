package dev.parley.protocols.chat;

import dev.parley.application.Following;
import dev.parley.application.command.Outcome;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.SessionJson;
import dev.parley.protocols.json.Texts;
import dev.parley.protocols.json.WireTime;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The frames that answer one client. */
final class ChatFrames {

    private static final Frame.Mark NONE = new Frame.Mark.None();

    private final ChatSettings settings;
    private final Texts texts;

    ChatFrames(ChatSettings settings, Texts texts) {
        this.settings = settings;
        this.texts = texts;
    }

    /** {@code mark} false where what was missed is still to come */
    Step connected(ChatState state, Following following, boolean mark, Instant now) {
        Session session = following.session();
        Handshake handshake = state.handshake;
        Principal who = state.principal();
        JsonWriter json = new JsonWriter(1024).begin().field("type", "connected");
        json.field("session_id", session.id().value())
                .field("connection_id", handshake.connection().value())
                .field("cursor", Long.toString(following.position()))
                .field("visibility", SessionJson.word(session.visibility()))
                .nullable("owner", session.owner().map(Object::toString))
                .field("user_id", who.user().value())
                .field("name", who.name())
                .texts("roles", who.roles().stream().sorted().toList())
                .field("title", session.title())
                .field("status", SessionJson.word(session.status(now, settings.idleAfter())));
        json.texts("members", session.members().stream().map(Member::user).toList());
        json.texts(
                "present",
                following.present().stream().map(present -> present.user()).toList());
        json.field("server_time", now);
        who.expiresAt().ifPresent(expiry -> json.field("expires_at", expiry));
        json.field("heartbeat_interval", WireTime.seconds(settings.heartbeatInterval()));
        json.field("max_message_length", settings.maxMessageLength());
        json.name("settings");
        SessionJson.settings(json, session.settings());
        return kept(json.end(), mark ? new Frame.Mark.At(following.position()) : NONE);
    }

    Step resumed(boolean recovered, long position, boolean mark) {
        return kept(
                JsonWriter.frame("resumed")
                        .field("recovered", recovered)
                        .field("cursor", Long.toString(position))
                        .end(),
                mark ? new Frame.Mark.At(position) : NONE);
    }

    /** {@code upTo} what the client has seen of the session once it has this; 0 where nobody knows that */
    Step ack(String id, MessageId message, Optional<MessageId> reply, long upTo, boolean duplicate) {
        JsonWriter json = JsonWriter.frame("ack").field("id", id).field("message_id", message.value());
        reply.ifPresent(replyId -> json.field("reply_id", replyId.value()));
        if (upTo > 0) {
            json.field("cursor", Long.toString(upTo));
        }
        if (duplicate) {
            json.field("duplicate", true);
        }
        return kept(json.end(), upTo > 0 ? new Frame.Mark.At(upTo) : NONE);
    }

    Step stopped(String id, List<MessageId> replies) {
        return kept(JsonWriter.frame("ack").field("id", id).texts("stopped", replies).end(), NONE);
    }

    Step quota(Optional<String> id, Usage usage) {
        JsonWriter json = JsonWriter.frame("quota").optional("id", id);
        json.field("used", usage.used()).field("limit", usage.limit());
        return kept(json.field("reset_in", WireTime.seconds(usage.resetIn())).end(), NONE);
    }

    Step pong(Optional<String> id, Instant now) {
        return kept(
                JsonWriter.frame("pong").optional("id", id).field("server_time", now).end(), NONE);
    }

    Step refreshed(Optional<String> id, Principal principal) {
        JsonWriter json = JsonWriter.frame("refreshed").optional("id", id);
        json.nullable("expires_at", principal.expiresAt().map(WireTime::format));
        return kept(json.end(), NONE);
    }

    Step error(ChatState state, Outcome.Refusal refusal, Optional<String> id, Optional<MessageId> message) {
        JsonWriter json = JsonWriter.frame("error")
                .field("message", texts.error(refusal.code(), state.language()))
                .field("code", refusal.code().name());
        refusal.retryAfter().ifPresent(wait -> json.field("retry_after", WireTime.wholeSeconds(wait)));
        json.optional("id", id);
        message.ifPresent(about -> json.field("message_id", about.value()));
        if (!refusal.detail().isEmpty()) {
            json.field("details", refusal.detail());
        }
        return kept(json.end(), NONE);
    }

    Step error(ChatState state, ErrorCode code, String detail, Optional<String> id) {
        return error(state, new Outcome.Refusal(code, detail, Optional.empty()), id, Optional.empty());
    }

    /** Says why, unless that was said before, and closes; the last step is the closing. */
    List<Step> leave(ChatState state, Closing why) {
        Step close = new Step.Close(why);
        if (state.leaving() || why.reason() == Closing.Reason.ASKED) {
            state.leave();
            return List.of(close);
        }
        state.leave();
        return List.of(disconnect(why), close);
    }

    private static Step disconnect(Closing why) {
        String reason =
                switch (why.reason()) {
                    case INVALID_TEXT, TOO_LARGE -> Closing.Reason.PROTOCOL.word();
                    case ASKED, DRAIN, PROTOCOL, LIMITS, SLOW, TIMEOUT, STORE, EXPIRED, REVOKED, REMOVED, CLOSED, DELETED ->
                            why.reason().word();
                };
        JsonWriter json = JsonWriter.frame("disconnect")
                .field("reason", reason)
                .field("code", why.reason().code());
        why.reconnectIn().ifPresent(wait -> json.field("reconnect_in", WireTime.seconds(wait)));
        return kept(json.end(), NONE);
    }

    Step announcement(String message, Enum<?> level) {
        return kept(
                JsonWriter.frame("announcement")
                        .field("message", message)
                        .field("level", level.name().toLowerCase(Locale.ROOT))
                        .end(),
                NONE);
    }

    static Step kept(JsonWriter json, Frame.Mark mark) {
        return kept(new Frame(json.toUtf8(), mark));
    }

    static Step kept(Frame frame) {
        return new Step.Send(new Outgoing.Kept(frame));
    }
}
