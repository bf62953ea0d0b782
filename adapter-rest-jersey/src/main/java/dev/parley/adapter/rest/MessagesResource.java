package dev.parley.adapter.rest;

import dev.parley.application.command.Attach;
import dev.parley.application.command.Command;
import dev.parley.application.command.Repeat;
import dev.parley.application.command.Sent;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.content.Filtering;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.Version;
import dev.parley.protocols.json.AttachmentJson;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonWriter;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/** Single messages, wherever they are. They are the chat module's, where words that offend are masked unless the settings say otherwise. */
@Path("/api/chat/messages")
@Consumes(MediaType.APPLICATION_JSON)
public final class MessagesResource {

    MessagesResource() {}

    @POST
    public Response send(@Context ContainerRequestContext request, byte[] bytes) {
        Visit visit = Visit.of(request).filtering(Filtering.MASK);
        JsonObject body = Answers.body(bytes);
        String session = body.text("session_id")
                .or(() -> body.text("sessionId"))
                .orElseThrow(() -> new FieldException("Expected session_id, found none"));
        List<Attach> attachments = Fields.attachments(body);
        Sent sent = visit.ask(new Command.SendMessage(
                Answers.session(session),
                Fields.content(body, attachments),
                key(visit, body),
                new Repeat.ForLife(),
                Fields.message(body, "parent_id").or(() -> Fields.message(body, "parentMessageId")),
                Fields.metadata(body),
                body.truth("reply").orElse(false) ? Optional.of(Fields.ask(body)) : Optional.empty(),
                attachments));
        JsonWriter json = new JsonWriter(1024).begin();
        MessageAnswers.fields(json, visit, sent.message());
        sent.reply().ifPresent(reply -> json.field("reply_id", reply.value()));
        return Answers.json(sent.duplicate() ? 200 : 201, json.end())
                .header("Location", "/api/chat/messages/" + sent.message().id())
                .build();
    }

    @GET
    @Path("{id}")
    public Response get(@Context ContainerRequestContext request, @PathParam("id") String id) {
        Visit visit = Visit.of(request);
        return MessageAnswers.one(visit, visit.ask(new Command.GetMessage(Answers.message(id))));
    }

    @PUT
    @Path("{id}")
    public Response replace(@Context ContainerRequestContext request, @PathParam("id") String id, byte[] bytes) {
        return edit(request, id, bytes);
    }

    @PATCH
    @Path("{id}")
    public Response edit(@Context ContainerRequestContext request, @PathParam("id") String id, byte[] bytes) {
        Visit visit = Visit.of(request).filtering(Filtering.MASK);
        JsonObject body = Answers.body(bytes);
        boolean again = body.truth("regenerate").orElse(false);
        return MessageAnswers.one(
                visit,
                visit.ask(new Command.EditMessage(
                        Optional.empty(),
                        Answers.message(id),
                        body.requiredText("content"),
                        again ? Optional.of(Fields.ask(body)) : Optional.empty()))
                        .message());
    }

    @DELETE
    @Path("{id}")
    public Response delete(@Context ContainerRequestContext request, @PathParam("id") String id) {
        Visit.of(request).ask(new Command.DeleteMessage(Optional.empty(), Answers.message(id)));
        return Answers.nothing();
    }

    @GET
    @Path("{id}/history")
    public Response history(@Context ContainerRequestContext request, @PathParam("id") String id) {
        List<Version> versions = Visit.of(request).ask(new Command.ListVersions(Answers.message(id)));
        JsonWriter json = new JsonWriter(1024).begin();
        json.each("history", versions, (to, version) -> to.begin()
                .field("content", version.content())
                .field("edited_at", version.replacedAt())
                .field("edited_by", version.replacedBy().value())
                .end());
        return Answers.json(json.end());
    }

    @GET
    @Path("{id}/thread")
    public Response thread(@Context ContainerRequestContext request, @PathParam("id") String id) {
        Visit visit = Visit.of(request);
        return MessageAnswers.found(
                visit, visit.ask(new Command.ListThread(Answers.message(id), Answers.page(visit))));
    }

    /** One file as an object by itself, or several under {@code attachments}. */
    @POST
    @Path("{id}/attachments")
    public Response attach(@Context ContainerRequestContext request, @PathParam("id") String id, byte[] bytes) {
        Visit visit = Visit.of(request);
        JsonObject body = Answers.body(bytes);
        boolean several = body.has("attachments");
        List<Attach> wanted = several ? Fields.attachments(body) : List.of(Fields.attachment(body));
        Message message = visit.ask(new Command.AttachToMessage(Optional.empty(), Answers.message(id), wanted))
                .message();
        return several
                ? Answers.json(201, files(message)).build()
                : Answers.json(201, file(new JsonWriter(1024), message, given(message, wanted.getFirst()))).build();
    }

    @GET
    @Path("{id}/attachments")
    public Response attachments(@Context ContainerRequestContext request, @PathParam("id") String id) {
        return Answers.json(files(Visit.of(request).ask(new Command.GetMessage(Answers.message(id)))));
    }

    /** What became of a file that was given: a link comes last, since it is new. */
    private static Attachment given(Message message, Attach wanted) {
        return message.attachments()
                .stream()
                .filter(file -> wanted instanceof Attach.Existing(AttachmentId id) && file.id().equals(id))
                .findFirst()
                .orElseGet(() -> message.attachments().getLast());
    }

    private static JsonWriter files(Message message) {
        JsonWriter json = new JsonWriter(1024).begin();
        json.each("attachments", message.attachments(), (to, file) -> file(to, message, file));
        return json.field("total", message.attachments().size()).end();
    }

    private static JsonWriter file(JsonWriter to, Message message, Attachment file) {
        to.begin();
        AttachmentJson.fields(to, file);
        return to.field("messageId", message.id().value()).field("createdAt", file.addedAt()).end();
    }

    /** The name that makes sending again the same message: the header's before the body's. */
    private static Optional<String> key(Visit visit, JsonObject body) {
        Optional<String> header = visit.exchange().header("idempotency-key").filter(key -> !key.isBlank());
        if (header.isPresent() && header.get().length() > ClientKey.MAX_LENGTH) {
            throw new FieldException("Expected an Idempotency-Key of at most " + ClientKey.MAX_LENGTH + " characters");
        }
        return header.or(() -> Fields.clientId(body, "id")).or(() -> Fields.clientId(body, "clientId"));
    }
}
