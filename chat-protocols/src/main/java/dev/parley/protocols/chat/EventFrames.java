package dev.parley.protocols.chat;

import dev.parley.application.event.Event;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.session.SessionStatus;
import dev.parley.protocols.Frame;
import dev.parley.protocols.connection.FrameCache;
import dev.parley.protocols.json.AttachmentJson;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.MessageJson;
import dev.parley.protocols.json.SessionJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The frames that tell of events: made once for all connections that follow a session. Safe for use by many threads. */
final class EventFrames {

    private static final Frame.Mark NONE = new Frame.Mark.None();

    private final ChatSettings settings;
    private final FrameCache common = new FrameCache();
    private final FrameCache whole = new FrameCache();
    private final FrameCache sessions = new FrameCache();
    private final FrameCache sessionsInFull = new FrameCache();
    private final FrameCache starts = new FrameCache();
    private final FrameCache newestStarts = new FrameCache();
    private final FrameCache unknownStarts = new FrameCache();

    EventFrames(ChatSettings settings) {
        this.settings = settings;
    }

    Frame message(Event.Happened event, Message message, Optional<ProjectId> project) {
        return durable(event, "message", json -> fields(json, message, project));
    }

    Frame edited(Event.Happened event, Change.MessageEdited edited, Optional<ProjectId> project) {
        Message message = edited.message();
        return durable(event, "edited", json -> {
            json.field("message_id", message.id().value()).field("content", message.content());
            json.field("edited_at", message.editedAt().orElse(event.change().at()));
            json.field("edited_by", edited.by().value());
            MessageJson.write(json.name("message"), message, project);
        });
    }

    Frame deleted(Event.Happened event, Change.MessageDeleted deleted) {
        return durable(event, "deleted", json -> {
            json.field("message_id", deleted.message().id().value());
            json.field("deleted_by", deleted.by().value());
            json.field("deleted_at", deleted.message().deletedAt().orElse(event.change().at()));
        });
    }

    Frame reaction(Event.Happened event, Change.ReactionChanged reaction) {
        return durable(event, "reaction", json -> {
            json.field("message_id", reaction.message().id().value());
            json.field("emoji", reaction.emoji()).field("user_id", reaction.user().value());
            json.field("added", reaction.added());
            json.name("reactions").begin();
            reaction.message().reactions().forEach(json::texts);
            json.end();
        });
    }

    Frame feedback(Event.Happened event, Change.FeedbackGiven given) {
        return durable(event, "feedback", json -> {
            json.field("message_id", given.message().id().value())
                    .field("user_id", given.user().value());
            MessageJson.feedback(json, given.feedback());
        });
    }

    Frame seen(Event.Happened event, Change.ReceiptGiven receipt) {
        return durable(event, "seen", json -> {
            Message message = receipt.message();
            json.field("message_id", message.id().value()).field("user_id", receipt.user().value());
            json.field("seen_at", message.readBy().getOrDefault(receipt.user(), event.change().at()));
        });
    }

    /** A file came into the session. */
    Frame attached(Event.Happened event, Change.AttachmentAdded added, Attachment attachment) {
        return durable(event, "attachment", json -> {
            AttachmentJson.write(json.name("attachment"), attachment);
            json.field("user_id", added.by().value());
        });
    }

    Frame detached(Event.Happened event, Change.AttachmentRemoved removed) {
        return durable(event, "attachment_removed", json -> json.field("attachment_id", removed.id().value())
                .field("user_id", removed.by().value()));
    }

    /** A message has other files. */
    Frame attachments(Event.Happened event, Change.AttachmentsChanged changed, Optional<ProjectId> project) {
        return durable(event, "attachments", json -> {
            json.field("message_id", changed.message().id().value());
            json.field("user_id", changed.by().value());
            MessageJson.write(json.name("message"), changed.message(), project);
        });
    }

    Frame joined(Event.Happened event, Change.MemberJoined joined) {
        return durable(event, "member", json -> json.field("action", "joined")
                .field("user_id", joined.user().value())
                .field("name", joined.name()));
    }

    Frame left(Event.Happened event, Change.MemberLeft left) {
        return durable(event, "member", json -> json.field(
                "action", left.by().equals(left.user()) ? "left" : "removed")
                .field("user_id", left.user().value())
                .field("by", left.by().value()));
    }

    Frame session(Event.Happened event, Change.SessionChanged changed, boolean privileged, Instant now) {
        SessionStatus status = changed.session().status(now, settings.idleAfter());
        return (privileged ? sessionsInFull : sessions).frame(event,
                ignored -> make(event.change().position(), "session", json -> SessionJson.write(
                        json.name("session"), changed.session(), status, privileged)));
    }

    /** {@code newest} whether the client has seen everything up to the reply's start once it has this */
    Frame started(Event.ReplyBegan event, Optional<ChatState.Started> started, boolean newest) {
        FrameCache cache = started.isEmpty() ? unknownStarts : newest ? newestStarts : starts;
        return cache.frame(event, ignored -> {
            StreamHead head = event.head();
            JsonWriter json = JsonWriter.frame("stream_start")
                    .field("message_id", head.reply().value())
                    .field("question_id", head.question().value())
                    .field("agent_used", head.agent().id())
                    .field("model", head.model());
            if (head.fallback()) {
                json.field("model_fallback", true);
            }
            List<MessageId> versions = started.map(ChatState.Started::versions).orElse(List.of());
            if (!versions.isEmpty()) {
                json.texts("versions", versions);
            }
            if (newest) {
                started.ifPresent(how -> json.field("cursor", Long.toString(how.position())));
            }
            return new Frame(json.end().toUtf8(), new Frame.Mark.Shown(head.reply(), 0));
        });
    }

    Frame chunk(Event.ReplyGrew grown) {
        return common.frame(grown, ignored -> {
            JsonWriter json = new JsonWriter(96 + grown.text().length())
                    .begin()
                    .field("type", "stream_chunk")
                    .field("message_id", grown.reply().value())
                    .field("content", grown.text())
                    .field("seq", grown.to());
            return new Frame(json.end().toUtf8(), new Frame.Mark.Shown(grown.reply(), grown.to()));
        });
    }

    Frame ended(Event.Happened event, Message reply, Optional<ProjectId> project) {
        return common.frame(event, ignored -> {
            JsonWriter json = JsonWriter.frame("stream_end").field("message_id", reply.id().value());
            json.field("status", MessageJson.word(status(reply)));
            json.optional("error_code", reply.reply().flatMap(ReplyFacts::error).map(ErrorCode::name));
            MessageJson.metadata(json.name("metadata"), reply);
            MessageJson.write(json.name("message"), reply, project);
            return end(event, reply, json);
        });
    }

    /** A reply that was not shown while it grew. */
    Frame whole(Event.Happened event, Message reply, Optional<ProjectId> project) {
        return whole.frame(event, ignored -> {
            JsonWriter json = JsonWriter.frame("message");
            fields(json, reply, project);
            return end(event, reply, json);
        });
    }

    Frame queued(Event.ReplyQueued queued) {
        return hint(queued, "queued", json -> json.field("message_id", queued.reply().value())
                .field("question_id", queued.question().value())
                .field("position", queued.place()));
    }

    Frame typing(Event.TypingChanged typing) {
        return hint(typing, "typing", json -> {
            json.field("user_id", typing.id()).field("name", typing.name());
            json.field("is_typing", typing.active());
            if (typing.agent()) {
                json.field("agent", true);
            }
        });
    }

    Frame presence(Event.PresenceChanged presence) {
        return hint(presence, "presence", json -> json.field("user_id", presence.user().value())
                .field("name", presence.name())
                .field("online", presence.online()));
    }

    /** Writes the fields of a frame behind its type. */
    private interface Fields {
        void write(JsonWriter json);
    }

    private Frame durable(Event.Happened event, String type, Fields fields) {
        return common.frame(event, ignored -> make(event.change().position(), type, fields));
    }

    private static Frame make(long position, String type, Fields fields) {
        JsonWriter json = JsonWriter.frame(type);
        fields.write(json);
        json.field("cursor", Long.toString(position));
        return new Frame(json.end().toUtf8(), new Frame.Mark.At(position));
    }

    private Frame hint(Event event, String type, Fields fields) {
        return common.frame(event, ignored -> {
            JsonWriter json = JsonWriter.frame(type);
            fields.write(json);
            return new Frame(json.end().toUtf8(), NONE);
        });
    }

    private static Frame end(Event.Happened event, Message reply, JsonWriter json) {
        long position = event.change().position();
        json.field("cursor", Long.toString(position));
        return new Frame(json.end().toUtf8(), new Frame.Mark.Ended(reply.id(), position));
    }

    /** The message object's fields beside the frame's type. */
    private static void fields(JsonWriter json, Message message, Optional<ProjectId> project) {
        MessageJson.fields(json, message, project, Optional.empty());
    }

    private static ReplyStatus status(Message reply) {
        return reply.reply().map(ReplyFacts::status).orElse(ReplyStatus.COMPLETED);
    }
}
