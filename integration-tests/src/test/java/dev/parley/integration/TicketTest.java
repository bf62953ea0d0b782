package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.Parley;
import dev.parley.bootstrap.ParleyBuilder;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedOllama;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tickets on whole servers. */
class TicketTest {

    private static final int OPENERS = 100;
    private static final String ASK = "{\"ticketBody\":\"The printer is on fire\"}";

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ScriptedOllama ollama = ScriptedOllama.start();

    @AfterEach
    void end() {
        http.close();
        ollama.close();
    }

    @Test
    void the_published_component_works_unchanged_where_nobody_needs_a_token() throws Exception {
        PacedModel model = new PacedModel();
        try (Parley parley = server().set("AUTH_MODE", "optional").models(model, model).build()) {
            NodeScript.passes(folder.resolve("output"), "seed-ticket.spec.mjs", parley.url().toString());
        }
    }

    @Test
    void a_hundred_who_open_a_ticket_at_once_cause_one_request_and_see_every_word() throws Exception {
        ollama.script(ModelStep.say("Use "), ModelStep.say("water"), ModelStep.stall());
        try (Parley parley = ollama()
                .set("WEBSOCKET_MAX_CONNECTIONS_PER_USER", "off")
                .set("RATE_LIMIT_MESSAGES_PER_MINUTE", "1")
                .build()) {
            List<Frames> viewers = new ArrayList<>();
            for (int i = 0; i < OPENERS; i++) {
                viewers.add(open(parley, "4711"));
            }
            try (Frames chat = chat(parley, "bystander")) {
                for (Frames viewer : viewers) {
                    viewer.send(ASK);
                }
                for (Frames viewer : viewers) {
                    assertThat(text(viewer, "Use water".length())).isEqualTo("Use water");
                }
                viewers.getLast().send("{\"stop\":true}");
                for (Frames viewer : viewers) {
                    assertThat(viewer.next("done").truth("stopped")).contains(true);
                    viewer.close();
                }
                assertThat(ollama.chats()).hasSize(1);
                assertThat(Frames.type(chat.all().getFirst())).isEqualTo("connected");
            }
        }
    }

    @Test
    void people_on_the_native_protocol_see_the_ticket_s_answer_grow() throws Exception {
        ollama.script(ModelStep.say("Use "), ModelStep.stall());
        try (Parley parley = ollama().build(); Frames technician = open(parley, "4711")) {
            technician.send(ASK);
            technician.next("stream");
            try (Frames chat = chat(parley, "ticket:4711")) {
                JsonObject start = chat.next("stream_start");
                assertThat(chat.next("stream_chunk").text("content")).contains("Use ");
                technician.send("{\"stop\":true}");
                JsonObject end = chat.next("stream_end");
                assertThat(end.text("message_id")).isEqualTo(start.text("message_id"));
                assertThat(end.text("status")).contains("stopped");
            }
        }
    }

    @Test
    void a_finished_answer_outlives_a_killed_server_and_a_half_one_is_asked_for_anew() throws Exception {
        ollama.script(ModelStep.say("Use water"), ModelStep.end());
        try (ServerProcess server = process()) {
            try (Frames technician = open(server, "4711")) {
                technician.send(ASK);
                technician.next("done");
            }
            ollama.script(ModelStep.say("Use"), ModelStep.stall());
            try (Frames technician = open(server, "4712")) {
                technician.send(ASK);
                technician.next("stream");
                server.kill();
            }
        }
        try (ServerProcess server = process();
                Frames finished = open(server, "4711");
                Frames half = open(server, "4712")) {
            finished.send(ASK);
            assertThat(finished.next("cached").text("response")).contains("Use water");
            assertThat(state(server, "4712"))
                    .isEqualTo("{\"ticket_id\":\"4712\",\"cached\":false,\"status\":\"interrupted\"}");
            ollama.script(ModelStep.say("Use sand"), ModelStep.end());
            half.send(ASK);
            assertThat(half.next("stream").text("content")).contains("Use sand");
            half.next("done");
            assertThat(ollama.chats()).hasSize(3);
        }
    }

    @Test
    void a_server_that_is_set_to_have_no_models_says_so_in_the_document_s_words() throws Exception {
        try (Parley parley = server().set("OLLAMA_SERVER", "").build(); Frames technician = open(parley, "4711")) {
            technician.send(ASK);
            JsonObject error = technician.next("error");
            assertThat(error.text("message")).contains("OLLAMA_SERVER não configurado");
            assertThat(error.text("code")).contains("MODEL_UNAVAILABLE");
        }
    }

    @Test
    void only_who_has_a_role_for_tickets_may_open_one() throws Exception {
        try (Parley parley = ollama()
                .set("TICKET_ROLES", "helpdesk")
                .verifier(name -> new Verification.Verified(
                        Principal.trusted(new UserId(name), name.equals("hal") ? "helpdesk" : "user")))
                .build()) {
            try (Frames refused = open(parley.url(), "4711", "eve")) {
                assertThat(refused.next("error").text("code")).contains("FORBIDDEN");
                assertThat(refused.closeCode()).isEqualTo(4501);
            }
            assertThat(get(parley.url(), "4711", "eve").statusCode()).isEqualTo(403);
            ollama.script(ModelStep.say("Use water"), ModelStep.end());
            try (Frames allowed = open(parley.url(), "4711", "hal")) {
                allowed.send(ASK);
                allowed.next("done");
            }
            assertThat(get(parley.url(), "4711", "hal").body()).contains("\"cached\":true");
        }
    }

    private ParleyBuilder server() {
        return Parley.builder().dataFolder(folder.resolve("data")).set("PORT", "0");
    }

    private ParleyBuilder ollama() {
        return server().set("OLLAMA_SERVER", ollama.address().toString()).set("DEFAULT_MODEL", "tiny:latest");
    }

    private ServerProcess process() throws Exception {
        return ServerProcess.ready(
                folder, Map.of("OLLAMA_SERVER", ollama.address().toString(), "DEFAULT_MODEL", "tiny:latest"));
    }

    private Frames open(Parley parley, String ticket) throws Exception {
        return open(parley.url(), ticket, token(parley));
    }

    private Frames open(ServerProcess server, String ticket) throws Exception {
        return open(URI.create(server.url()), ticket, server.token());
    }

    private Frames open(URI server, String ticket, String token) throws Exception {
        return Frames.connect(
                http, URI.create("ws" + server.toString().substring(4) + "/api/websocket/chat/" + ticket + "?token=" + token));
    }

    private Frames chat(Parley parley, String session) throws Exception {
        return Frames.connect(
                http,
                URI.create("ws" + parley.url().toString().substring(4) + "/ws/" + session + "?token=" + token(parley)));
    }

    private static String token(Parley parley) {
        return parley.openingUrl().orElseThrow().getFragment().substring("token=".length());
    }

    private String state(ServerProcess server, String ticket) throws Exception {
        return get(URI.create(server.url()), ticket, server.token()).body();
    }

    private HttpResponse<String> get(URI server, String ticket, String token) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(server + "/api/websocket/chat/" + ticket))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** As much text as {@code length}, however it is cut into pieces. */
    private static String text(Frames viewer, int length) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(viewer.next("stream").requiredText("content"));
        }
        return text.toString();
    }
}
