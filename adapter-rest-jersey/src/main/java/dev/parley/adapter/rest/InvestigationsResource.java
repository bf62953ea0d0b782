package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.domain.access.UserId;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.TopicId;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What other systems tell about investigations, and whom. */
@Path("/api/investigations/{id}")
@Consumes(MediaType.APPLICATION_JSON)
public final class InvestigationsResource {

    InvestigationsResource() {}

    @PUT
    public Response audience(@Context ContainerRequestContext request, @PathParam("id") String id, byte[] bytes) {
        JsonObject body = Answers.body(bytes);
        if (!body.fields().containsKey("audience")) {
            throw new FieldException("Expected audience, found none");
        }
        Visit.of(request).ask(new Command.SetAudience(topic(id), audience(body)));
        return Answers.nothing();
    }

    @POST
    @Path("updates")
    public Response update(@Context ContainerRequestContext request, @PathParam("id") String id, byte[] bytes) {
        JsonObject body = Answers.body(bytes);
        String type = body.requiredText("update_type");
        String data = Answers.payload(body.object("data").orElse(JsonObject.EMPTY));
        Publication update = Fields.checked(() -> new Publication.Update(type, data));
        return Answers.published(Visit.of(request).ask(new Command.Publish(topic(id), update)));
    }

    @POST
    @Path("anomalies")
    public Response anomaly(@Context ContainerRequestContext request, @PathParam("id") String id, byte[] bytes) {
        Publication anomaly = new Publication.Anomaly(Answers.payload(Answers.body(bytes)));
        return Answers.published(Visit.of(request).ask(new Command.Publish(topic(id), anomaly)));
    }

    /** Nothing in particular is everybody. */
    private static Audience audience(JsonObject body) {
        if (body.fields().get("audience") == JsonValue.Nothing.NOTHING) {
            return new Audience.Everybody();
        }
        Set<UserId> users = new HashSet<>();
        for (String user : body.texts("audience").orElse(List.of())) {
            users.add(Fields.checked(() -> new UserId(user)));
        }
        return Fields.checked(() -> new Audience.Only(users));
    }

    private static TopicId topic(String id) {
        return Fields.checked(() -> TopicId.named(id));
    }
}
