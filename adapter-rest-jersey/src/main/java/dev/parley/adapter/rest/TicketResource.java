package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.application.command.TicketState;
import dev.parley.domain.session.TicketId;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.MessageJson;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/** How a ticket stands, at the address where its socket is. */
@Path("/api/websocket/chat/{ticketId}")
public final class TicketResource {

    TicketResource() {}

    @GET
    public Response state(@Context ContainerRequestContext request, @PathParam("ticketId") String id) {
        TicketId ticket = Fields.checked(() -> new TicketId(id));
        TicketState state = Visit.of(request).ask(new Command.GetTicket(ticket));
        return Answers.json(new JsonWriter()
                .begin()
                .field("ticket_id", ticket.value())
                .field("cached", state.answer().isPresent() && !state.closed())
                .field("status", word(state))
                .end());
    }

    private static String word(TicketState state) {
        return state.closed() ? "closed" : state.newest().map(MessageJson::word).orElse("new");
    }
}
