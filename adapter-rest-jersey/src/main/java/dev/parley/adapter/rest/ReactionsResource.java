package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.domain.content.Filtering;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonWriter;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/** What people put on a message. */
@Path("/api/chat/messages/{id}/reactions")
@Consumes(MediaType.APPLICATION_JSON)
public final class ReactionsResource {

    ReactionsResource() {}

    /** Adds the caller's reaction, or takes it back. */
    @POST
    public Response toggle(@Context ContainerRequestContext request, @PathParam("id") String id, byte[] bytes) {
        Visit visit = Visit.of(request).filtering(Filtering.MASK);
        JsonObject body = Answers.body(bytes);
        MessageId named = Answers.message(id);
        String emoji = body.requiredText("emoji");
        Message message =
                visit.ask(new Command.React(Optional.empty(), named, emoji)).message();
        JsonWriter json = new JsonWriter(512).begin().field("messageId", message.id().value());
        json.field("userId", visit.principal().user().value()).field("emoji", emoji);
        json.field("added", message.reacted(visit.principal().user(), emoji));
        return Answers.json(reactions(json, message).end());
    }

    @GET
    public Response list(@Context ContainerRequestContext request, @PathParam("id") String id) {
        MessageId named = Answers.message(id);
        Message message = Visit.of(request).ask(new Command.GetMessage(named));
        JsonWriter json = new JsonWriter(512).begin().field("messageId", message.id().value());
        return Answers.json(reactions(json, message).end());
    }

    private static JsonWriter reactions(JsonWriter json, Message message) {
        json.each("reactions", List.copyOf(message.reactions().entrySet()), (to, reaction) -> {
            to.begin().field("emoji", reaction.getKey()).field("count", reaction.getValue().size());
            to.texts("users", reaction.getValue()).end();
        });
        return json.field("total", message.reactions().values().stream().mapToInt(users -> users.size()).sum());
    }
}
