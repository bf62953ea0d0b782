package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/** Finds what somebody remembers, wherever it was said. */
@Path("/api/chat/search")
public final class SearchResource {

    SearchResource() {}

    @GET
    public Response search(@Context ContainerRequestContext request) {
        Visit visit = Visit.of(request);
        String words = visit.parameter("q").orElse("");
        return MessageAnswers.found(visit, visit.ask(new Command.SearchEverywhere(words, Answers.page(visit))));
    }
}
