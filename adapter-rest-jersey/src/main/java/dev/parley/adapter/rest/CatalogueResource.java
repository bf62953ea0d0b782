package dev.parley.adapter.rest;

import dev.parley.application.command.Agents;
import dev.parley.application.command.Command;
import dev.parley.application.command.Models;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.llm.Model;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.WireTime;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/** Whom one can ask, and how often. */
@Path("/api/chat")
public final class CatalogueResource {

    CatalogueResource() {}

    @GET
    @Path("quota")
    public Response quota(@Context ContainerRequestContext request) {
        Usage usage = Visit.of(request).ask(new Command.GetQuota());
        return Answers.json(new JsonWriter()
                .begin()
                .field("used", usage.used())
                .field("limit", usage.limit())
                .field("reset_in", WireTime.seconds(usage.resetIn()))
                .end());
    }

    @GET
    @Path("agents")
    public Response agents(@Context ContainerRequestContext request) {
        Agents agents = Visit.of(request).ask(new Command.ListAgents());
        JsonWriter json = new JsonWriter().begin();
        json.each("agents", agents.agents(), (to, agent) -> to.begin()
                .field("id", agent.id())
                .field("name", agent.name())
                .optional("model", agent.model())
                .end());
        return Answers.json(json.field("default", agents.standard()).end());
    }

    @GET
    @Path("models")
    public Response models(@Context ContainerRequestContext request) {
        Models models = Visit.of(request).ask(new Command.ListModels());
        JsonWriter json = new JsonWriter().begin();
        json.each("models", models.models(), CatalogueResource::model);
        json.nullable("default", models.standard());
        boolean demo = models.models().stream().anyMatch(model -> model.name().equals(Model.DEMO));
        return Answers.json(json.field("demo", demo).end());
    }

    private static void model(JsonWriter to, Model model) {
        to.begin().field("name", model.name());
        if (model.bytes() > 0) {
            to.field("size", model.bytes());
        }
        if (!model.family().isEmpty()) {
            to.field("family", model.family());
        }
        if (!model.parameterSize().isEmpty()) {
            to.field("parameter_size", model.parameterSize());
        }
        to.texts("capabilities", model.capabilities().stream().sorted().toList()).end();
    }
}
