package dev.parley.protocols.json;

import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.project.ProjectId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How a message looks: both documents' spellings of its fields side by side. */
public final class MessageJson {

    private static final Set<String> OURS = Set.of(
            "tokens_used",
            "processing_time",
            "agent_used",
            "model",
            "model_fallback",
            "time_to_first_token",
            "attachments");

    private MessageJson() {}

    /** The object, the same for everybody who may see it. */
    public static JsonWriter write(JsonWriter to, Message message, Optional<ProjectId> project) {
        return write(to, message, project, Optional.empty());
    }

    /** The object as {@code viewer} sees it: with the viewer's own feedback. */
    public static JsonWriter write(
            JsonWriter to, Message message, Optional<ProjectId> project, Optional<UserId> viewer) {
        to.begin();
        fields(to, message, project, viewer);
        return to.end();
    }

    /** The object's fields, into an object that is open. */
    public static void fields(
            JsonWriter to, Message message, Optional<ProjectId> project, Optional<UserId> viewer) {
        identity(to, message, project);
        to.field("content", message.content());
        times(to, message);
        to.optional("client_id", message.clientId());
        message.reply().ifPresent(reply -> reply(to, reply));
        to.name("metadata");
        metadata(to, message);
        to.name("reactions").begin();
        message.reactions().forEach(to::texts);
        to.end();
        viewer.map(user -> message.feedback().get(user)).ifPresent(feedback -> {
            to.name("feedback").begin();
            feedback(to, feedback);
            to.end();
        });
        to.texts("seen_by", message.readBy().keySet());
        to.texts("delivered_to", message.deliveredTo().keySet());
        to.field("position", message.position());
    }

    /** What the chat module's model of a message has beside {@link #fields}, into the same object. */
    public static void moduleFields(JsonWriter to, Message message) {
        if (message.author() instanceof Author.Agent agent) {
            to.field("agentId", agent.id());
        }
        message.reply().flatMap(ReplyFacts::tokens).ifPresent(tokens -> to.field("tokens", (long) tokens));
        to.field("isEdited", message.editedAt().isPresent());
        to.field("isDeleted", message.deleted());
        to.field("updatedAt", WireTime.format(updatedAt(message)));
        AttachmentJson.write(to.name("attachments"), message.attachments());
    }

    /** When it was last written: a reply when it ended, as far as that can be told. */
    private static Instant updatedAt(Message message) {
        Instant written = message.reply()
                .flatMap(ReplyFacts::processingTime)
                .map(message.createdAt()::plus)
                .orElse(message.createdAt());
        Instant edited = message.editedAt().filter(written::isBefore).orElse(written);
        return message.deletedAt().filter(edited::isBefore).orElse(edited);
    }

    /** The fields {@code helpful} and {@code rating}, as far as given. */
    public static void feedback(JsonWriter to, Feedback feedback) {
        feedback.helpful().ifPresent(helpful -> to.field("helpful", helpful));
        feedback.rating().ifPresent(rating -> to.field("rating", (long) rating));
    }

    /** A reply's {@code metadata}: what is known of how it was made, and what else was kept with it. */
    public static JsonWriter metadata(JsonWriter to, Message message) {
        to.begin();
        message.reply().ifPresent(reply -> {
            reply.tokens().ifPresent(tokens -> to.field("tokens_used", (long) tokens));
            reply.processingTime().ifPresent(time -> to.field("processing_time", WireTime.seconds(time)));
            to.field("agent_used", authorId(message));
            if (!reply.model().isEmpty()) {
                to.field("model", reply.model());
            }
            if (reply.fallback()) {
                to.field("model_fallback", true);
            }
            reply.timeToFirstToken().ifPresent(time -> to.field("time_to_first_token", WireTime.seconds(time)));
        });
        JsonObject own = own(message.metadata());
        // Never the client's own: it could call a file what it is not.
        AttachmentJson.write(to.name("attachments"), message.attachments());
        own.fields().forEach((name, value) -> {
            if (!OURS.contains(name)) {
                to.name(name).value(value);
            }
        });
        return to.end();
    }

    /** The word for a status. */
    public static String word(ReplyStatus status) {
        return status == ReplyStatus.RUNNING
                ? "streaming"
                : status.name().toLowerCase(Locale.ROOT);
    }

    /** The id of who wrote it, a user's or an agent's. */
    public static String authorId(Message message) {
        return switch (message.author()) {
            case Author.Person person -> person.user().value();
            case Author.Agent agent -> agent.id();
        };
    }

    private static void identity(JsonWriter to, Message message, Optional<ProjectId> project) {
        to.field("message_id", message.id().value()).field("id", message.id().value());
        to.field("session_id", message.session().value())
                .field("sessionId", message.session().value());
        project.ifPresent(id -> to.field("project_id", id.value()));
        message.parent()
                .ifPresent(parent -> to.field("parent_id", parent.value())
                        .field("parentMessageId", parent.value()));
        to.field("role", message.role().name().toLowerCase(Locale.ROOT));
        String author = authorId(message);
        to.field("user_id", author).field("userId", author);
        to.field("name", message.author().name());
    }

    private static void times(JsonWriter to, Message message) {
        String created = WireTime.format(message.createdAt());
        to.field("timestamp", created).field("createdAt", created);
        message.editedAt()
                .map(WireTime::format)
                .ifPresent(at -> to.field("edited_at", at)
                        .field("editedAt", at));
        message.deletedAt()
                .map(WireTime::format)
                .ifPresent(at -> to.field("deleted_at", at)
                        .field("deletedAt", at));
        to.field("deleted", message.deleted());
        to.field("edited", message.editedAt().isPresent());
    }

    private static void reply(JsonWriter to, ReplyFacts reply) {
        to.field("status", word(reply.status()));
        to.optional("error_code", reply.error().map(ErrorCode::name));
        to.field("question_id", reply.question().value());
        if (!reply.versions().isEmpty()) {
            to.texts("versions", reply.versions());
        }
        reply.supersededBy().ifPresent(newer -> to.field("superseded_by", newer.value()));
    }

    private static JsonObject own(ClientMetadata metadata) {
        if (metadata.equals(ClientMetadata.NONE)) {
            return JsonObject.EMPTY;
        }
        return switch (JsonReader.STANDARD.read(metadata.json().getBytes(StandardCharsets.UTF_8))) {
            case JsonReading.Read read -> read.object();
            case JsonReading.Unreadable unreadable -> JsonObject.EMPTY;
            case JsonReading.Hostile hostile -> JsonObject.EMPTY;
        };
    }
}
