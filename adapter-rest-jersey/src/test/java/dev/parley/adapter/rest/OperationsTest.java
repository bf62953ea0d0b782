package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.rest.Server.Answer;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.llm.ScriptedExchange;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class OperationsTest {

    private final Server server = new Server();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/admin/live",
        "GET, /api/admin/replies",
        "POST, /api/admin/sessions/s/replies/r/stop",
        "GET, /api/admin/connections",
        "DELETE, /api/admin/connections/c",
        "GET, /api/admin/sessions",
        "GET, /api/admin/audit",
        "GET, /api/admin/settings"
    })
    void nobody_else_operates_the_server(String method, String path) {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s\"}");

        assertThat(sent("bruno", method, path).status()).isEqualTo(403);
        assertThat(sent("feeder", method, path).status()).isEqualTo(403);
        assertThat(sent("", method, path).status()).isEqualTo(401);
    }

    @Test
    void beats_come_while_the_token_is_in_force_and_count_what_the_model_says() throws Exception {
        try (BufferedReader beats = live("root")) {
            assertThat(beat(beats).whole("words")).hasValue(0);
            server.model.answer("one ", "two");
            ask();
            JsonObject seen = beat(beats);
            while (seen.whole("words").orElseThrow() < 2) {
                seen = beat(beats);
            }
            assertThat(seen.text("node")).isPresent();
            assertThat(seen.whole("memory_used").orElseThrow()).isPositive();

            server.send("root", "POST", "/api/admin/revocations", "{\"user_id\":\"root\"}");
            String line = beats.readLine();
            while (line != null) {
                line = beats.readLine();
            }
        }
        assertThat(server.get("root", "/api/admin/replies").status()).isEqualTo(401);
    }

    @Test
    void a_reply_under_way_is_listed_and_stopped() throws Exception {
        ask();
        ScriptedExchange exchange = server.model.next();
        exchange.say("a few words");
        JsonObject reply = (JsonObject) server.get("root", "/api/admin/replies").json().items("replies").orElseThrow().getFirst();
        assertThat(reply.text("session_id")).contains("s");
        assertThat(reply.text("asked_by")).contains("ana");

        Answer stopped = sent("root", "POST", "/api/admin/sessions/s/replies/" + reply.requiredText("message_id") + "/stop");
        assertThat(stopped.status()).as(stopped.body()).isEqualTo(200);
        assertThat(stopped.body()).contains(reply.requiredText("message_id"));
        assertThat(server.get("root", "/api/admin/replies").json().whole("total")).hasValue(0);
        assertThat(server.get("root", "/api/admin/audit").body()).contains("\"stop");
    }

    @Test
    void a_connection_is_found_and_told_to_come_back() throws Exception {
        HttpResponse<InputStream> events = http.send(
                server.request("ana", "/api/chat/sessions/s/events").build(), HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = reader(events)) {
            String line = lines.readLine();
            while (!line.startsWith("data:")) {
                line = lines.readLine();
            }
            assertThat(server.get("root", "/api/admin/connections?query=nobody").json().whole("total")).hasValue(0);
            JsonObject connection = (JsonObject) server.get("root", "/api/admin/connections?query=ANA")
                    .json()
                    .items("connections")
                    .orElseThrow()
                    .getFirst();
            assertThat(connection.text("session_id")).contains("s");

            assertThat(sent("root", "DELETE", "/api/admin/connections/" + connection.requiredText("connection_id")).status())
                    .isEqualTo(204);
            while (!line.contains("\"disconnect\"")) {
                line = lines.readLine();
                assertThat(line).as("the frame that says so").isNotNull();
            }
            assertThat(line).contains("drain");
        }
    }

    @Test
    void everybodys_sessions_are_found_by_id_title_and_owner() {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"alpha\",\"title\":\"Kitchen\"}");
        server.send("bruno", "POST", "/api/chat/sessions", "{\"session_id\":\"beta\",\"title\":\"Garden\"}");

        assertThat(server.get("root", "/api/admin/sessions").json().whole("total")).hasValue(2);
        assertThat(found("ALPH")).contains("alpha");
        assertThat(found("garden")).contains("beta");
        assertThat(found("bru")).contains("beta");
        assertThat(found("nothing")).isEmpty();
        assertThat(server.get("root", "/api/admin/sessions?limit=0").status()).isEqualTo(400);
    }

    @Test
    void settings_are_shown_and_that_is_noted() {
        assertThat(server.get("root", "/api/admin/settings").body())
                .contains("{\"name\":\"PORT\",\"value\":\"0\",\"source\":\"builder\",\"default\":\"8080\"}");
        assertThat(server.get("root", "/api/admin/audit?limit=1").body())
                .contains("\"by\":\"root\",\"action\":\"read_settings\"");
    }

    private Optional<String> found(String query) {
        return server.get("root", "/api/admin/sessions?query=" + query)
                .json()
                .items("sessions")
                .orElseThrow()
                .stream()
                .map(each -> ((JsonObject) each).requiredText("session_id"))
                .findFirst();
    }

    private void ask() {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s\"}");
        Answer asked = server.send("ana", "POST", "/api/chat/sessions/s/frames", "{\"type\":\"message\",\"content\":\"Hi\"}");
        assertThat(asked.status()).as(asked.body()).isEqualTo(200);
    }

    private BufferedReader live(String who) throws Exception {
        HttpResponse<InputStream> answer =
                http.send(server.request(who, "/api/admin/live").build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return reader(answer);
    }

    private static BufferedReader reader(HttpResponse<InputStream> answer) {
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static JsonObject beat(BufferedReader beats) throws Exception {
        String line = beats.readLine();
        while (line != null && !line.startsWith("data: ")) {
            line = beats.readLine();
        }
        return Server.read(Optional.ofNullable(line).orElseThrow().substring("data: ".length()));
    }

    private Answer sent(String who, String method, String path) {
        return server.send(server.request(who, path).method(method, HttpRequest.BodyPublishers.noBody()));
    }
}
