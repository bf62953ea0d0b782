package dev.parley.protocols.rooms;

import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.protocols.Frame;
import dev.parley.protocols.connection.FrameCache;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.MessageJson;
import dev.parley.protocols.json.SessionJson;
import dev.parley.protocols.json.WireTime;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** The frames that tell of events: made once for all connections that are in a place. Safe for use by many threads. */
final class RoomEventFrames {

    private final Prices prices;
    private final FrameCache common = new FrameCache();
    private final FrameCache whole = new FrameCache();

    RoomEventFrames(Prices prices) {
        this.prices = prices;
    }

    Frame message(Event.Happened event, Message message) {
        return make(event, "chat", data -> {
            data.field("role", SessionJson.word(message.role())).field("content", message.content());
            data.field("user_id", MessageJson.authorId(message));
            data.field("username", message.author().name());
            data.field("message_id", message.id().value());
            data.field("conversation_id", message.session().value());
            data.field("timestamp", message.createdAt());
            if (!message.attachments().isEmpty()) {
                data.each(
                        "attachments",
                        message.attachments(),
                        (to, file) -> Uploads.described(to.begin(), file).end());
            }
        });
    }

    Frame edited(Event.Happened event, Message message, UserId by) {
        return make(event, "message_edited", data -> {
            data.field("message_id", message.id().value()).field("content", message.content());
            data.field("conversation_id", message.session().value());
            data.field("user_id", by.value()).field("timestamp", event.change().at());
        });
    }

    Frame deleted(Event.Happened event, Message message, UserId by) {
        return make(event, "message_deleted", data -> {
            data.field("message_id", message.id().value());
            data.field("conversation_id", message.session().value());
            data.field("user_id", by.value()).field("timestamp", event.change().at());
        });
    }

    Frame attached(Event.Happened event, Attachment file, UserId by) {
        return make(
                event, "file_upload", data -> Uploads.finished(data, file, by, Optional.of(event.session())));
    }

    Frame joined(Event.Happened event, Change.MemberJoined joined) {
        return make(event, "add_member", data -> members(data, joined.session(), joined.user()));
    }

    Frame left(Event.Happened event, Change.MemberLeft left) {
        return make(event, "remove_member", data -> members(data, left.session(), left.user()));
    }

    private static void members(JsonWriter data, Session session, UserId user) {
        data.field("room_id", session.id().value()).field("user_id", user.value());
        data.texts("participants", session.members().stream().map(Member::user).toList());
    }

    Frame changed(Event.Happened event, Session session) {
        return make(event, "room_updated", data -> RoomJson.fields(data, session));
    }

    /** {@code reset} stands where the text begins, so whoever showed something of this reply before begins anew. */
    Frame chunk(Event.ReplyGrew grown, Instant now) {
        return common.frame(grown, ignored -> {
            JsonWriter json = new JsonWriter(192 + grown.text().length()).begin().field("type", "chat");
            json.name("data").begin().field("role", "assistant").field("content", grown.text());
            json.field("streaming", true).field("conversation_id", grown.session().value());
            json.field("timestamp", now).field("message_id", grown.reply().value());
            json.field("offset", grown.to());
            if (grown.from() == 0) {
                json.field("reset", true);
            }
            return Frame.of(json.end().end().toUtf8());
        });
    }

    /** {@code grew} whether the text was shown before */
    Frame ended(Event.Happened event, Message reply, boolean grew) {
        return (grew ? common : whole).frame(event, ignored -> RoomFrames.frame("chat", data -> {
            data.field("role", "assistant").field("content", grew ? "" : reply.content());
            data.field("streaming", false).field("done", true);
            data.field("message_id", reply.id().value()).field("conversation_id", reply.session().value());
            reply.reply().ifPresent(facts -> facts(data, facts));
            data.field("agent_used", MessageJson.authorId(reply)).field("timestamp", event.change().at());
        }));
    }

    private void facts(JsonWriter data, ReplyFacts facts) {
        int tokens = facts.tokens().orElse(0);
        data.field("tokens_used", tokens).field("model_used", facts.model());
        if (facts.fallback()) {
            data.field("model_fallback", true);
        }
        data.field("cost_usd", prices.of(facts.model(), tokens));
        facts.processingTime().ifPresent(took -> data.field("response_time", WireTime.seconds(took)));
        data.field("status", MessageJson.word(facts.status()));
        data.field("question_id", facts.question().value());
        if (facts.status() == ReplyStatus.INTERRUPTED) {
            facts.error().ifPresent(code -> data.field("code", code.name()));
        }
    }

    Frame queued(Event.ReplyQueued queued) {
        return common.frame(queued, ignored -> RoomFrames.frame("system", data -> {
            data.field("queued", true).field("position", queued.place());
            data.field("message_id", queued.reply().value());
            data.field("question_id", queued.question().value());
            data.field("conversation_id", queued.session().value());
        }));
    }

    Frame typing(Event.TypingChanged typing) {
        return common.frame(typing, ignored -> RoomFrames.frame("typing", data -> {
            data.field("user_id", typing.id()).field("username", typing.name());
            data.field("is_typing", typing.active()).field("room_id", typing.session().value());
            if (typing.agent()) {
                data.field("agent", true);
            }
        }));
    }

    Frame presence(Event.PresenceChanged presence) {
        return common.frame(presence, ignored -> RoomFrames.frame("system", data -> {
            data.field("presence", true).field("user_id", presence.user().value());
            data.field("username", presence.name()).field("online", presence.online());
            data.field("room_id", presence.session().value());
        }));
    }

    private Frame make(Event event, String type, Consumer<JsonWriter> data) {
        return common.frame(event, ignored -> RoomFrames.frame(type, data));
    }
}
