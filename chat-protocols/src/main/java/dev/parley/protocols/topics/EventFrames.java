package dev.parley.protocols.topics;

import dev.parley.application.event.Event;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.protocols.Frame;
import dev.parley.protocols.connection.FrameCache;
import dev.parley.protocols.json.AttachmentJson;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.MessageJson;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;

/** What is told of events: made once for all connections, but for the ids. Safe for use by many threads. */
final class EventFrames {

    private final FrameCache common = new FrameCache();
    private final FrameCache whole = new FrameCache();

    /** What somebody said. */
    Frame message(Event.Happened event, Message message) {
        return durable(event, "chat", json -> {
            json.field("role", message.role().name().toLowerCase(Locale.ROOT)).field("content", message.content());
            switch (message.author()) {
                case Author.Person person -> json.field("user_id", person.user().value()).field("name", person.name());
                case Author.Agent agent -> agent(json, agent).field("chunk", false);
            }
            json.field("message_id", message.id().value());
            message.parent().ifPresent(parent -> json.field("parent_id", parent.value()));
            json.optional("client_id", message.clientId());
            if (!message.attachments().isEmpty()) {
                AttachmentJson.write(json.name("attachments"), message.attachments());
            }
        });
    }

    Frame edited(Event.Happened event, Change.MessageEdited edited) {
        return news(event, "edited", json -> json.field("message_id", edited.message().id().value())
                .field("content", edited.message().content())
                .field("user_id", edited.by().value()));
    }

    Frame deleted(Event.Happened event, Change.MessageDeleted deleted) {
        return news(event, "deleted", json -> json.field("message_id", deleted.message().id().value())
                .field("user_id", deleted.by().value()));
    }

    Frame reaction(Event.Happened event, Change.ReactionChanged reaction) {
        return news(event, "reaction", json -> json.field("message_id", reaction.message().id().value())
                .field("user_id", reaction.user().value())
                .field("emoji", reaction.emoji())
                .field("added", reaction.added()));
    }

    /** A file came into the session. */
    Frame attached(Event.Happened event, Change.AttachmentAdded added, Attachment attachment) {
        return news(event, "attachment", json -> {
            AttachmentJson.fields(json, attachment);
            json.field("user_id", added.by().value());
        });
    }

    Frame detached(Event.Happened event, Change.AttachmentRemoved removed) {
        return news(event, "attachment_removed", json -> json.field("attachment_id", removed.id().value())
                .field("user_id", removed.by().value()));
    }

    Frame joined(Event.Happened event, Change.MemberJoined joined) {
        return news(event, "member_joined", json -> json.field("user_id", joined.user().value()).field("name", joined.name()));
    }

    Frame left(Event.Happened event, Change.MemberLeft left) {
        return news(event, "member_left", json -> json.field("user_id", left.user().value()));
    }

    /** {@code now} of whoever needs it first */
    Frame chunk(Event.ReplyGrew grown, Author.Agent agent, Instant now) {
        return common.frame(grown, ignored -> chunk(grown, agent, false, now));
    }

    /** A piece that takes the place of everything shown of the reply before. */
    static Frame reset(Event.ReplyGrew grown, Author.Agent agent, Instant now) {
        return chunk(grown, agent, true, now);
    }

    private static Frame chunk(Event.ReplyGrew grown, Author.Agent agent, boolean reset, Instant now) {
        return Envelope.of(
                "chat",
                now,
                json -> {
                    json.field("role", "assistant").field("content", grown.text());
                    agent(json, agent).field("chunk", true);
                    json.field("message_id", grown.reply().value()).field("offset", grown.to());
                    if (reset) {
                        json.field("reset", true);
                    }
                },
                new Frame.Mark.Shown(grown.reply(), grown.to()),
                256 + grown.text().length());
    }

    /** A reply that was not shown while it grew. */
    Frame whole(Event.Happened event, Message reply) {
        return whole.frame(event, ignored -> Envelope.of(
                "chat",
                event.change().at(),
                json -> {
                    json.field("role", "assistant").field("content", reply.content());
                    agent(json, agentOf(reply)).field("chunk", false);
                    json.field("message_id", reply.id().value());
                    json.field("offset", reply.content().length());
                },
                Envelope.NONE));
    }

    Frame completed(Event.Happened event, Message reply) {
        return common.frame(event, ignored -> Envelope.of(
                "chat_complete",
                event.change().at(),
                json -> {
                    json.field("status", MessageJson.word(status(reply)));
                    json.field("message_id", reply.id().value());
                    MessageJson.metadata(json.name("metadata"), reply);
                },
                new Frame.Mark.Ended(reply.id(), event.change().position())));
    }

    Frame queued(Event.ReplyQueued queued, Instant now) {
        return common.frame(queued, ignored -> Envelope.notification(
                "queued",
                now,
                json -> json.field("message_id", queued.reply().value()).field("position", queued.place())));
    }

    Frame processing(Event.TypingChanged typing, Instant now) {
        return common.frame(typing, ignored -> Envelope.of(
                "typing",
                now,
                json -> agent(json.field("agent", "processing"), new Author.Agent(typing.id(), typing.name()))));
    }

    Frame typing(Event.TypingChanged typing, Instant now) {
        return common.frame(typing, ignored -> Envelope.of(
                "typing",
                now,
                json -> json.field("user_id", typing.id())
                        .field("name", typing.name())
                        .field("is_typing", typing.active())));
    }

    Frame presence(Event.PresenceChanged presence, Instant now) {
        return common.frame(presence, ignored -> Envelope.notification(
                "presence",
                now,
                json -> json.field("user_id", presence.user().value())
                        .field("name", presence.name())
                        .field("online", presence.online())));
    }

    Frame announcement(Event.Announced announced, Instant now) {
        return common.frame(announced, ignored -> Envelope.notification(
                "announcement",
                now,
                json -> json.field("message", announced.message())
                        .field("level", announced.level().name().toLowerCase(Locale.ROOT))));
    }

    Frame published(Event.Published published) {
        return common.frame(published, ignored -> Publications.frame(published.entry()));
    }

    static ReplyStatus status(Message reply) {
        return reply.reply().map(ReplyFacts::status).orElse(ReplyStatus.COMPLETED);
    }

    static Author.Agent agentOf(Message reply) {
        return reply.author() instanceof Author.Agent agent ? agent : new Author.Agent("", reply.author().name());
    }

    static Frame.Mark ended(MessageId reply, Event.Happened event) {
        return new Frame.Mark.Ended(reply, event.change().position());
    }

    private static JsonWriter agent(JsonWriter to, Author.Agent agent) {
        return to.field("agent_id", agent.id()).field("agent_name", agent.name());
    }

    private Frame durable(Event.Happened event, String type, Consumer<JsonWriter> data) {
        return common.frame(
                event,
                ignored -> Envelope.of(
                        type,
                        event.change().at(),
                        data,
                        new Frame.Mark.At(event.change().position())));
    }

    private Frame news(Event.Happened event, String name, Consumer<JsonWriter> data) {
        return durable(event, "notification", json -> {
            json.field("event", name);
            data.accept(json);
        });
    }
}
