package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.rest.Server.Answer;
import dev.parley.application.Caller;
import dev.parley.application.Link;
import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.TicketId;
import dev.parley.testkit.llm.ScriptedExchange;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TicketResourceTest {

    private static final String ADDRESS = "/api/websocket/chat/4711";

    private final Server server = new Server();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_ticket_tells_how_it_stands() throws Exception {
        assertThat(server.get("ana", ADDRESS).body())
                .isEqualTo("{\"ticket_id\":\"4711\",\"cached\":false,\"status\":\"new\"}");
        CompletableFuture<Change> ended = new CompletableFuture<>();
        Link technician = server.engine.connect(
                new Caller(Principal.trusted(new UserId("ana")), ClientInfo.UNKNOWN, "ticket"), event -> {
                    if (event instanceof Event.Happened(Change change) && change.body() instanceof Change.ReplyEnded) {
                        ended.complete(change);
                    }
                });
        TicketId ticket = new TicketId("4711");
        technician.handle(new Command.AskTicket(ticket, Optional.of("The printer is on fire"), Ask.PLAINLY, false));
        technician.follow(ticket.session(), new Link.From.Now());
        ScriptedExchange exchange = server.model.next();
        assertThat(server.get("bruno", ADDRESS).body())
                .isEqualTo("{\"ticket_id\":\"4711\",\"cached\":false,\"status\":\"streaming\"}");
        exchange.say("Use water").end();
        ended.get(30, TimeUnit.SECONDS);
        assertThat(server.get("bruno", ADDRESS).body())
                .isEqualTo("{\"ticket_id\":\"4711\",\"cached\":true,\"status\":\"completed\"}");

        assertThat(server.delete("ana", "/api/chat/sessions/ticket:4711").status()).isEqualTo(403);
        assertThat(server.delete("root", "/api/chat/sessions/ticket:4711").status()).isEqualTo(204);
        assertThat(server.get("ana", ADDRESS).body())
                .isEqualTo("{\"ticket_id\":\"4711\",\"cached\":false,\"status\":\"closed\"}");
    }

    @Test
    void strangers_and_addresses_that_name_no_ticket_are_refused() {
        assertThat(server.get("", ADDRESS).status()).isEqualTo(401);
        Answer path = server.get("ana", "/api/websocket/chat/..%2Fetc");
        assertThat(path.status()).isEqualTo(400);
        assertThat(path.text("code")).isEqualTo("BAD_REQUEST");
        assertThat(server.get("ana", "/api/websocket/chat/" + "x".repeat(122)).status()).isEqualTo(400);
        assertThat(server.get("ana", "/api/websocket/chat/%C3%A7").status()).isEqualTo(400);
        assertThat(server.get("ana", "/api/websocket/chat/4711/more").status()).isEqualTo(404);
    }

    @Test
    void a_refusal_speaks_the_language_that_is_asked_for_or_preferred() {
        String broken = "/api/websocket/chat/%C3%A7";
        assertThat(server.get("ana", broken).text("detail")).isEqualTo("The request could not be understood");
        assertThat(server.get("ana", broken + "?language=pt-BR").text("detail"))
                .isEqualTo("Não foi possível entender a solicitação");
        Answer preferred = server.send(server.request("ana", broken).header("Accept-Language", "en;q=0.2, pt"));
        assertThat(preferred.text("detail")).isEqualTo("Não foi possível entender a solicitação");
        assertThat(preferred.header("Content-Language")).isEqualTo("pt-BR");
    }
}
