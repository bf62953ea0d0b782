package dev.parley.protocols.gateway;

import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Frame;
import dev.parley.protocols.connection.FrameCache;
import dev.parley.protocols.json.AttachmentJson;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.MessageJson;
import dev.parley.protocols.json.SessionJson;
import dev.parley.protocols.json.Texts;
import dev.parley.protocols.socketio.SocketEncoder;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The packets that tell of events: made once for all who are in a session. Safe for use by many threads. */
final class EventFrames {

    private final String namespace;
    private final Texts texts;
    private final FrameCache common = new FrameCache();
    private final FrameCache lastChunks = new FrameCache();
    private final FrameCache arrivals = new FrameCache();
    private final Map<Texts.Language, FrameCache> failures = new EnumMap<>(Texts.Language.class);

    EventFrames(String namespace, Texts texts) {
        this.namespace = namespace;
        this.texts = texts;
        for (Texts.Language language : Texts.Language.values()) {
            failures.put(language, new FrameCache());
        }
    }

    // Messages

    Frame message(Event.Happened event, Message message, Optional<ProjectId> project) {
        return durable(event, "message:new", json -> message(json, message, project));
    }

    Frame edited(Event.Happened event, Message message, UserId by, Optional<ProjectId> project) {
        return durable(event, "message:edited", json -> {
            message(json, message, project);
            json.field("messageId", message.id().value()).field("editedBy", by.value());
        });
    }

    Frame deleted(Event.Happened event, Message message, UserId by) {
        return durable(event, "message:deleted", json -> {
            about(json, message).field("id", message.id().value());
            json.field("userId", by.value()).field("deletedAt", event.change().at());
        });
    }

    Frame reaction(Event.Happened event, Change.ReactionChanged change) {
        return durable(event, "message:reaction:update", json -> {
            about(json, change.message()).field("userId", change.user().value()).field("emoji", change.emoji());
            json.field("added", change.added()).field("action", change.added() ? "added" : "removed");
            reactions(json, change.message());
        });
    }

    Frame seen(Event.Happened event, Message message, UserId by) {
        return durable(event, "message:seen:update", json -> {
            about(json, message).field("userId", by.value());
            json.field("seenAt", message.readBy().getOrDefault(by, event.change().at()));
            json.texts("seenBy", message.readBy().keySet());
        });
    }

    /** Somebody else got it; told to the author. */
    Frame delivered(Event.Happened event, Message message, UserId to) {
        return durable(event, "message:delivered", json -> {
            about(json, message).optional("clientId", message.clientId());
            json.field("userId", to.value()).field("deliveredAt", event.change().at());
        });
    }

    Frame attached(Event.Happened event, Attachment attachment, UserId by) {
        return durable(event, "attachment:added", json -> {
            json.field("sessionId", event.session().value()).field("userId", by.value());
            AttachmentJson.write(json.name("attachment"), attachment);
        });
    }

    Frame detached(Event.Happened event, Change.AttachmentRemoved removed) {
        return durable(event, "attachment:removed", json -> json.field("sessionId", event.session().value())
                .field("userId", removed.by().value())
                .field("attachmentId", removed.id().value()));
    }

    // People

    Frame joined(Event.Happened event, Change.MemberJoined joined) {
        return durable(
                event, "user:joined", json -> person(json, event.session(), joined.user(), joined.name()));
    }

    Frame left(Event.Happened event, Change.MemberLeft left) {
        return durable(event, "user:left", json -> json.field("sessionId", event.session().value())
                .field("userId", left.user().value())
                .field("by", left.by().value()));
    }

    /** Somebody came in person, or went. */
    Frame arrival(Event.PresenceChanged presence) {
        return arrivals.frame(presence, ignored -> told(
                presence.online() ? "user:joined" : "user:left",
                json -> person(json, presence.session(), presence.user(), presence.name())));
    }

    Frame presence(Event.PresenceChanged presence) {
        return common.frame(presence, ignored -> told(
                "presence:update",
                json -> person(json, presence.session(), presence.user(), presence.name())
                        .field("status", presence.online() ? "online" : "offline")));
    }

    Frame typing(Event.TypingChanged typing) {
        return common.frame(typing, ignored -> told(typing.active() ? "typing:start" : "typing:stop", json -> {
            json.field("sessionId", typing.session().value());
            json.field("userId", typing.id()).field("userName", typing.name());
            if (typing.agent()) {
                json.field("agent", true);
            }
        }));
    }

    Frame changed(Event.Happened event, Session session, UserId by) {
        return durable(event, "session:updated", json -> {
            json.field("sessionId", session.id().value()).field("userId", by.value());
            json.field("title", session.title()).field("visibility", SessionJson.word(session.visibility()));
            SessionJson.settings(json.name("settings"), session.settings());
        });
    }

    // Replies

    /** {@code reset} stands where the text begins, so whoever showed something of this reply before begins anew. */
    Frame chunk(Event.ReplyGrew grown) {
        return common.frame(grown, ignored -> {
            Frame packet = told("stream:chunk", json -> {
                stream(json, grown.reply().value(), grown.session());
                json.field("delta", grown.text()).field("offset", grown.to());
                json.field("tokens", estimated(grown.to())).field("isComplete", false);
                if (grown.from() == 0) {
                    json.field("reset", true);
                }
            });
            return new Frame(
                    packet.utf8(),
                    new Frame.Mark.Of(grown.session(), new Frame.Mark.Shown(grown.reply(), grown.to())));
        });
    }

    /** The last piece, which has the whole. */
    Frame lastChunk(Event.Happened event, Message reply) {
        return lastChunks.frame(event, ignored -> told("stream:chunk", json -> {
            stream(json, reply.id().value(), reply.session());
            json.field("content", reply.content()).field("delta", "");
            json.field("offset", reply.content().length()).field("tokens", tokens(reply));
            json.field("isComplete", true);
        }));
    }

    Frame ended(Event.Happened event, Message reply, ReplyFacts facts, Texts.Language language) {
        return switch (facts.status()) {
            case COMPLETED, RUNNING -> ended(event, "stream:complete", reply, facts);
            case STOPPED -> ended(event, "stream:stopped", reply, facts);
            case FAILED -> failed(event, reply, facts.error().orElse(ErrorCode.MODEL_FAILED), language);
            case INTERRUPTED -> failed(event, reply, ErrorCode.INTERRUPTED, language);
        };
    }

    private Frame ended(Event.Happened event, String name, Message reply, ReplyFacts facts) {
        return common.frame(event, ignored -> end(event, reply, name, json -> {
            json.field("status", MessageJson.word(facts.status())).field("content", reply.content());
            json.field("tokens", tokens(reply)).field("model", facts.model());
            if (facts.fallback()) {
                json.field("model_fallback", true);
            }
            json.field("agentId", MessageJson.authorId(reply)).field("questionId", facts.question().value());
            MessageJson.metadata(json.name("metadata"), reply);
        }));
    }

    private Frame failed(Event.Happened event, Message reply, ErrorCode code, Texts.Language language) {
        FrameCache cache = failures.getOrDefault(language, common);
        return cache.frame(event, ignored -> end(event, reply, "stream:error", json -> {
            json.field("error", texts.error(code, language)).field("code", code.name());
            json.field("content", reply.content());
            reply.reply().ifPresent(facts -> json.field("questionId", facts.question().value()));
        }));
    }

    private Frame end(Event.Happened event, Message reply, String name, Consumer<JsonWriter> fields) {
        long position = event.change().position();
        Frame packet = told(name, json -> {
            stream(json, reply.id().value(), reply.session());
            fields.accept(json);
            json.field("cursor", Long.toString(position));
        });
        return new Frame(
                packet.utf8(),
                new Frame.Mark.Of(reply.session(), new Frame.Mark.Ended(reply.id(), position)));
    }

    Frame queued(Event.ReplyQueued queued) {
        return common.frame(queued, ignored -> told("stream:queued", json -> {
            stream(json, queued.reply().value(), queued.session());
            json.field("questionId", queued.question().value()).field("position", queued.place());
        }));
    }

    /** So many tokens are about what so many characters are. */
    private static long estimated(long characters) {
        return (characters + 3) / 4;
    }

    private static long tokens(Message reply) {
        return reply.reply()
                .flatMap(ReplyFacts::tokens)
                .map(Long::valueOf)
                .orElseGet(() -> estimated(reply.content().length()));
    }

    private static void stream(JsonWriter json, String reply, SessionId session) {
        json.field("id", reply).field("streamId", reply);
        json.field("sessionId", session.value()).field("messageId", reply);
    }

    // Parts

    /** A message's fields, into an object that is open. */
    static void message(JsonWriter to, Message message, Optional<ProjectId> project) {
        MessageJson.fields(to, message, project, Optional.empty());
        MessageJson.moduleFields(to, message);
        to.optional("clientId", message.clientId());
    }

    static void reactions(JsonWriter to, Message message) {
        to.name("reactions").begin();
        message.reactions().forEach(to::texts);
        to.end();
    }

    private static JsonWriter about(JsonWriter to, Message message) {
        return to.field("messageId", message.id().value()).field("sessionId", message.session().value());
    }

    private static JsonWriter person(JsonWriter to, SessionId session, UserId user, String name) {
        to.field("sessionId", session.value());
        return to.field("userId", user.value()).field("userName", name);
    }

    private Frame durable(Event.Happened event, String name, Consumer<JsonWriter> fields) {
        return common.frame(event, ignored -> {
            long position = event.change().position();
            Frame packet = told(name, json -> {
                fields.accept(json);
                json.field("cursor", Long.toString(position));
            });
            return new Frame(
                    packet.utf8(), new Frame.Mark.Of(event.session(), new Frame.Mark.At(position)));
        });
    }

    /** An event with one object. */
    Frame told(String name, Consumer<JsonWriter> fields) {
        return SocketEncoder.event(namespace, name, Optional.empty(), json -> {
            json.begin();
            fields.accept(json);
            json.end();
        });
    }
}
