package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.domain.Page;
import dev.parley.domain.message.Message;
import dev.parley.protocols.chat.History;
import dev.parley.protocols.json.JsonWriter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Finds what somebody remembers, wherever it was said. */
@Path("/api/chat/search")
public final class SearchResource {

    SearchResource() {}

    @GET
    public Response search(@Context ContainerRequestContext request) {
        Visit visit = Visit.of(request);
        Page<Message> found = visit.ask(
                new Command.SearchEverywhere(visit.parameter("q").orElse(""), Answers.page(visit)));
        JsonWriter json = new JsonWriter(4096).begin();
        return Answers.json(History.messages(json, found, Optional.empty(), visit.principal().user())
                .end());
    }
}
