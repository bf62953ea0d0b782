package dev.parley.protocols.rooms;

import dev.parley.application.Following;
import dev.parley.application.command.Outcome;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.Presence;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.SessionJson;
import dev.parley.protocols.json.Texts;
import dev.parley.protocols.json.WireTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The frames that answer one client. */
final class RoomFrames {

    /** What an error is about. {@code ownId} what the client called its frame */
    record About(Optional<String> ownId, Optional<SessionId> place, Optional<AttachmentId> file) {

        static final About NOTHING = new About(Optional.empty(), Optional.empty());

        About(Optional<String> ownId, Optional<SessionId> place) {
            this(ownId, place, Optional.empty());
        }

        About in(SessionId room) {
            return new About(ownId, Optional.of(room), file);
        }

        About of(AttachmentId upload) {
            return new About(ownId, place, Optional.of(upload));
        }
    }

    private final RoomsSettings settings;
    private final Texts texts;

    RoomFrames(RoomsSettings settings, Texts texts) {
        this.settings = settings;
        this.texts = texts;
    }

    Step connected(RoomsState state, Instant now) {
        return kept("connect", data -> {
            data.field("connection_id", state.handshake.connection().value());
            data.field("status", "connected").field("server_time", now);
            data.field("user_id", state.principal().user().value());
            data.field("username", state.principal().name());
            data.field("heartbeat_interval", WireTime.seconds(settings.heartbeatInterval()));
            data.field("max_message_length", settings.maxMessageLength());
        });
    }

    Step heartbeat(Instant now) {
        return new Step.Send(new Outgoing.Replaceable(
                "heartbeat",
                frame("system", data -> data.field("heartbeat", true).field("server_time", now))));
    }

    Step joined(RoomsState state, Session session, Optional<Following> following, Instant now) {
        return kept("join_room", data -> {
            RoomJson.fields(data, session);
            data.field(
                    "joined_at",
                    session.member(state.principal().user()).map(Member::joinedAt).orElse(now));
            following.ifPresent(how -> data.texts(
                    "online", how.present().stream().map(Presence.Present::user).toList()));
        });
    }

    Step left(SessionId room) {
        return kept("leave_room", data -> data.field("room_id", room.value()));
    }

    Step lost(SessionId room, Closing why) {
        return kept(
                "leave_room",
                data -> data.field("room_id", room.value()).field("reason", why.reason().word()));
    }

    Step deleted(SessionId room) {
        return kept("delete_room", data -> data.field("room_id", room.value()));
    }

    /** {@code type} {@code add_member} or {@code remove_member} */
    Step members(String type, Session session, UserId user) {
        return kept(type, data -> {
            data.field("room_id", session.id().value()).field("user_id", user.value());
            data.texts("participants", session.members().stream().map(Member::user).toList());
        });
    }

    /** It is stored. {@code ownId} what the sender calls it */
    Step stored(Optional<String> ownId, Message message) {
        return kept("delivery_confirmation", data -> {
            data.field("message_id", ownId.orElse(message.id().value()));
            data.field("status", "delivered").field("timestamp", message.createdAt());
            data.field("server_message_id", message.id().value());
            data.field("conversation_id", message.session().value());
        });
    }

    /** Somebody else got it or read it; told to the author by the name that the author gave it. */
    Step received(Message message, UserId by, Receipt receipt, Instant at) {
        return kept("delivery_confirmation", data -> {
            data.field("message_id", message.clientId().orElse(message.id().value()));
            data.field("status", SessionJson.word(receipt)).field("timestamp", at);
            data.field("server_message_id", message.id().value());
            data.field("conversation_id", message.session().value());
            data.field("user_id", by.value());
        });
    }

    Step stopped(List<MessageId> replies) {
        return kept("stop", data -> data.texts("stopped", replies));
    }

    Step error(RoomsState state, Outcome.Refusal refusal, About about) {
        return kept("error", data -> {
            data.field("error", texts.error(refusal.code(), state.language()));
            data.field("code", refusal.code().name());
            refusal.retryAfter().ifPresent(wait -> data.field("retry_after", WireTime.wholeSeconds(wait)));
            data.optional("message_id", about.ownId());
            about.place().ifPresent(room -> data.field("room_id", room.value()));
            about.file().ifPresent(upload -> data.field("file_id", upload.value()));
            if (!refusal.detail().isEmpty()) {
                data.field("details", refusal.detail());
            }
        });
    }

    /** A reply that failed. */
    Step failed(RoomsState state, Message reply, ErrorCode code) {
        return kept("error", data -> {
            data.field("error", texts.error(code, state.language())).field("code", code.name());
            data.field("message_id", reply.id().value());
            reply.reply().ifPresent(facts -> data.field("question_id", facts.question().value()));
            data.field("conversation_id", reply.session().value());
        });
    }

    /** Something is missing that can no longer be told one by one. */
    Step reload(SessionId room) {
        return kept("system", data -> data.field("reload", true).field("room_id", room.value()));
    }

    Step announcement(String message, Enum<?> level) {
        return kept("system", data -> data.field("announcement", message).field("level", SessionJson.word(level)));
    }

    /** Says why, unless that was said before, and closes; the last step is the closing. */
    List<Step> leave(RoomsState state, Closing why) {
        Step close = new Step.Close(why);
        if (state.leaving() || why.reason() == Closing.Reason.ASKED) {
            state.leave();
            return List.of(close);
        }
        state.leave();
        return List.of(disconnect(why), close);
    }

    private static Step disconnect(Closing why) {
        return kept("system", data -> {
            data.field("disconnect", true);
            data.field("reason", why.reason().word()).field("code", why.reason().code());
            why.reconnectIn().ifPresent(wait -> data.field("reconnect_in", WireTime.seconds(wait)));
        });
    }

    static Step kept(String type, Consumer<JsonWriter> data) {
        return kept(frame(type, data));
    }

    static Step kept(Frame frame) {
        return new Step.Send(new Outgoing.Kept(frame));
    }

    static Frame frame(String type, Consumer<JsonWriter> data) {
        JsonWriter json = JsonWriter.frame(type).name("data").begin();
        data.accept(json);
        return Frame.of(json.end().end().toUtf8());
    }
}
