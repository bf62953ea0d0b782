package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.Parley;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.Peers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The chat gateway on a whole server, through the clients of Socket.IO that others wrote. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayTest {

    private static final Path PEERS = NodeScript.ROOT.resolve("integration-tests/peers");

    private final HttpClient http = HttpClient.newHttpClient();
    private Path folder;
    private Parley parley;

    /** A token is its user's name and perhaps a role. */
    private static Verification verify(String token) {
        String[] words = token.split("~", 2);
        return new Verification.Verified(
                Principal.trusted(new UserId(words[0]), words.length > 1 ? words[1] : "user"));
    }

    @BeforeAll
    void start(@TempDir Path place) {
        folder = place;
        PacedModel model = new PacedModel();
        parley = Parley.builder()
                .dataFolder(folder.resolve("data"))
                .set("PORT", "0")
                .set("RATE_LIMIT_MESSAGES_PER_MINUTE", "1000")
                // A client that polls and was cut off counts twice for a few seconds.
                .set("WEBSOCKET_MAX_CONNECTIONS_PER_USER", "100")
                .models(model, model)
                .verifier(GatewayTest::verify)
                .build();
    }

    @AfterAll
    void end() {
        parley.close();
        http.close();
    }

    @Test
    void two_people_on_two_protocols_see_the_same() throws Exception {
        try (Frames ana =
                Frames.connect(http, URI.create("ws" + server().substring(4) + "/ws/meeting?visibility=shared&token=ana"));
                ChatSocket ben = ChatSocket.as(http, parley.url(), "ben")) {
            ana.next("connected");
            assertThat(ben.ask("session:join", "{'sessionId':'meeting'}").texts("online").orElseThrow()).contains("ana");
            assertThat(ana.next("member").text("user_id")).contains("ben");
            assertThat(ana.next("presence").truth("online")).contains(true);

            ben.ask("typing:start", "{'sessionId':'meeting'}");
            assertThat(ana.next("typing").text("user_id")).contains("ben");
            ana.send("{\"type\":\"typing\",\"is_typing\":true}");
            assertThat(ben.next("typing:start", any -> true).text("userId")).contains("ana");

            String first = ben.ask("message:send", "{'sessionId':'meeting','content':'Hello Ana'}").requiredText("messageId");
            assertThat(ana.next("message").requiredText("message_id")).isEqualTo(first);
            ana.send("{\"type\":\"message\",\"id\":\"a\",\"content\":\"Hello Ben\",\"reply\":false,\"parent_id\":\"" + first
                    + "\"}");
            JsonObject second = ben.next("message:new", message -> message.text("content").equals(Optional.of("Hello Ben")));
            assertThat(second.text("parentMessageId")).contains(first);
            String answer = second.requiredText("id");

            ben.ask("message:edit", "{'messageId':'" + first + "','content':'Hi Ana'}");
            assertThat(ana.next("edited").text("content")).contains("Hi Ana");
            ana.send("{\"type\":\"edit\",\"id\":\"e\",\"message_id\":\"" + answer + "\",\"content\":\"Hi Ben\"}");
            assertThat(ben.next("message:edited", message -> message.text("id").equals(Optional.of(answer))).text("content"))
                    .contains("Hi Ben");

            ana.send("{\"type\":\"react\",\"id\":\"r\",\"message_id\":\"" + first + "\",\"emoji\":\"👍\"}");
            assertThat(ben.next("message:reaction:update", any -> true).text("userId")).contains("ana");
            ben.ask("message:reaction", "{'messageId':'" + answer + "','emoji':'🎉'}");
            assertThat(ana.next("reaction").text("emoji")).contains("🎉");

            ana.send("{\"type\":\"seen\",\"id\":\"s\",\"message_id\":\"" + first + "\"}");
            assertThat(ben.next("message:seen:update", any -> true).text("userId")).contains("ana");
            ben.ask("message:seen", "{'messageId':'" + answer + "'}");
            assertThat(ana.next("seen").text("user_id")).contains("ben");

            streams(ana, ben);

            ben.ask("message:delete", "{'messageId':'" + first + "'}");
            assertThat(ana.next("deleted").text("message_id")).contains(first);
            ana.send("{\"type\":\"delete\",\"id\":\"d\",\"message_id\":\"" + answer + "\"}");
            ben.next("message:deleted", deleted -> deleted.text("messageId").equals(Optional.of(answer)));
            ana.send("{\"type\":\"disconnect\"}");
            ben.next("user:left", left -> left.text("userId").equals(Optional.of("ana")));
        }
    }

    /** A reply that one asked for is seen by both to grow, whoever asked, and stopped by either. */
    private static void streams(Frames ana, ChatSocket ben) throws Exception {
        String asked = ben.ask("stream:request", "{'sessionId':'meeting','prompt':'Briefly'}").requiredText("streamId");
        assertThat(ana.next("stream_start").text("message_id")).contains(asked);
        JsonObject end = ana.next("stream_end");
        assertThat(end.text("status")).contains("completed");
        JsonObject complete = ben.next("stream:complete", any -> true);
        assertThat(complete.text("content")).contains(PacedModel.answerTo("Briefly"));
        assertThat(end.object("message").orElseThrow().text("content")).isEqualTo(complete.text("content"));

        ana.send("{\"type\":\"message\",\"id\":\"q\",\"content\":\"A long one\"}");
        String running = ben.next("stream:chunk", chunk -> !chunk.text("id").equals(Optional.of(asked))).requiredText("id");
        assertThat(ben.ask("stream:stop", "{'streamId':'" + running + "'}").truth("stopped")).contains(true);
        assertThat(ben.next("stream:stopped", any -> true).text("id")).contains(running);
        assertThat(ana.next("stream_end").text("status")).contains("stopped");
    }

    @Test
    void who_loses_a_session_goes_on_in_the_others() throws Exception {
        try (ChatSocket owner = ChatSocket.as(http, parley.url(), "olga");
                ChatSocket guest = ChatSocket.as(http, parley.url(), "gus")) {
            for (String session : List.of("kept", "lost")) {
                owner.ask("session:join", "{'sessionId':'" + session + "'}");
                guest.ask("session:join", "{'sessionId':'" + session + "'}");
            }
            rest("DELETE", "/api/chat/sessions/lost/members/gus", "olga");
            JsonObject lost = guest.next("session:leave", any -> true);
            assertThat(lost.text("sessionId")).contains("lost");
            assertThat(lost.text("reason")).contains("removed");
            owner.next("user:left", left -> left.text("userId").equals(Optional.of("gus")));
            owner.ask("message:send", "{'sessionId':'lost','content':'Among ourselves'}");
            owner.ask("message:send", "{'sessionId':'kept','content':'Still here?'}");
            assertThat(guest.next("message:new", any -> true).text("content")).contains("Still here?");
            assertThat(guest.ask("session:join", "{'sessionId':'lost'}").truth("success")).contains(true);
            rest("DELETE", "/api/chat/sessions/kept", "olga");
            assertThat(guest.next("session:leave", any -> true).text("reason")).contains("closed");
            assertThat(guest.ask("session:join", "{'sessionId':'kept'}").text("code")).contains("GONE");
        }
    }

    @Test
    void all_are_told_what_is_announced_and_who_is_revoked_is_put_out() throws Exception {
        try (ChatSocket chat = ChatSocket.as(http, parley.url(), "rob")) {
            rest("POST", "/api/admin/announcements", "root~admin", "{\"message\":\"Lunch\",\"level\":\"info\"}");
            assertThat(chat.next("announcement", any -> true).text("message")).contains("Lunch");
            rest("POST", "/api/admin/revocations", "root~admin", "{\"user_id\":\"rob\"}");
            assertThat(chat.next("server:disconnect", any -> true).text("reason")).contains("revoked");
            chat.next("packet 1", any -> true);
            assertThat(chat.closeCode()).isEqualTo(4500);
        }
    }

    @Test
    void who_goes_on_ignoring_limits_is_closed() throws Exception {
        try (ChatSocket chat = ChatSocket.as(http, parley.url(), "ivan")) {
            for (int i = 0; i < 45; i++) {
                chat.say("42/chat,[\"message:reaction\",{\"messageId\":\"nothing\",\"emoji\":\"x\"}]");
            }
            assertThat(chat.next("server:disconnect", any -> true).text("reason")).contains("limits");
            assertThat(chat.closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void what_is_no_packet_that_may_come_ends_the_connection_and_tells_nothing() throws Exception {
        for (String wrong : List.of(
                "42/chat,[\"message:send\",{\"sessionId\":\"x\",\"content\":\"before CONNECT\"}]",
                "43/chat,7[{}]",
                "4x",
                "42/chat,",
                "451-/chat,[\"message:send\",{\"_placeholder\":true,\"num\":0}]")) {
            try (ChatSocket chat = ChatSocket.open(http, parley.url())) {
                chat.say(wrong);
                if (wrong.startsWith("45")) {
                    chat.say("40/chat,{}");
                }
                assertThat(chat.closeCode()).as(wrong).isEqualTo(1008);
            }
        }
        try (ChatSocket chat = ChatSocket.as(http, parley.url(), "acky")) {
            // An acknowledgement that nobody asked for is nobody's business.
            chat.say("43/chat,7[{}]");
            assertThat(chat.ask("message:send", "{'sessionId':'" + "x".repeat(200) + "','content':'Hi'}").text("code"))
                    .contains("BAD_REQUEST");
        }
    }

    private void rest(String method, String path, String user) throws Exception {
        rest(method, path, user, "");
    }

    private void rest(String method, String path, String user, String json) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(parley.url().resolve(path))
                        .header("Authorization", "Bearer " + user)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
    }

    private String server() {
        return parley.url().toString();
    }

    @Test
    void the_stock_client_has_every_event_over_every_transport_and_goes_on_after_cuts() throws Exception {
        NodeScript.needsPackages(PEERS);
        Program.needs("node", "node", "install Node.js 20 or later");
        Program.run(
                PEERS,
                folder.resolve("node"),
                List.of(
                        "env",
                        "SERVER=" + parley.url(),
                        "node",
                        "--test",
                        "--test-reporter=spec",
                        "--test-timeout=120000",
                        "gateway-client.spec.mjs"))
                .well();
    }

    @Test
    void the_stock_client_has_every_event_over_every_transport_in_a_browser() throws Exception {
        NodeScript.needsPackages(PEERS);
        Program.needs("node", "node", "install Node.js 20 or later");
        Program.needs("chromium", "chromium", "install Chromium");
        Program.run(
                PEERS,
                folder.resolve("browser"),
                List.of("env", "SERVER=" + parley.url(), "node", "gateway-browser.spec.mjs"))
                .well();
    }

    @Test
    void the_stock_client_of_python_has_every_event_over_every_transport() throws Exception {
        Program.needs("python", "python3", "install Python 3");
        if (Program.run(PEERS, folder.resolve("import"), List.of("python3", "-c", "import socketio, aiohttp")).code() != 0) {
            Peers.missing("python-socketio", "python3 -m pip install python-socketio aiohttp");
        }
        Program.run(PEERS, folder.resolve("python"), List.of("python3", "gateway_client.py", parley.url().toString())).well();
    }
}
