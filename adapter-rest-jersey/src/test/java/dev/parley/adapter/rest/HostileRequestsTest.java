package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.rest.Server.Answer;
import dev.parley.application.EngineSettings;
import dev.parley.domain.limit.Quota;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.OriginPolicy;
import dev.parley.protocols.connection.ConnectionSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileRequestsTest {

    private final Server server = new Server();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/chat/nothing, 404",
        "GET, /nothing, 404",
        "GET, /assets/nothing.js, 404",
        "PUT, /api/chat/sessions, 405",
        "POST, /health, 405",
        "POST, /, 405",
        "GET, /api/chat/sessions/a%2Fb, 400",
        "GET, /api/chat/sessions/%00, 400",
        "GET, /api/chat/sessions/nobody, 404",
        "GET, /api/chat/messages/nobody, 404",
        "GET, /api/chat/sessions?limit=x, 400",
        "GET, /api/chat/sessions?offset=-1, 400"
    })
    void what_cannot_be_is_a_problem(String method, String path, int status) {
        Answer answer = server.send(server.request("ana", path).method(method, HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().whole("status")).hasValue(status);
        assertThat(answer.text("code")).isNotBlank();
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "\"x\"", "{\"title\":5}", "{\"visibility\":\"secret\"}", "{\"session_id\":\"a b\"}",
        "{\"members\":[1]}", "{\"settings\":[]}"})
    void a_bad_body_is_a_bad_request(String body) {
        Answer answer = server.send("ana", "POST", "/api/chat/sessions", body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("BAD_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/chat/sessions/a/events", "/api/chat/sessions/a/poll"})
    void asking_for_the_head_of_a_connection_opens_none(String path) {
        Answer answer = server.send(server.request("ana", path).method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api;x=1/chat/quota", "/;/api/chat/quota"})
    void parameters_in_a_path_lead_past_nobody(String path) {
        assertThat(server.get("", path).status()).isEqualTo(404);
    }

    @Test
    void nobody_invites_more_people_than_fit() {
        String members = "\"m\",".repeat(1000) + "\"m\"";

        Answer answer = server.send("ana", "POST", "/api/chat/sessions", "{\"members\":[" + members + "]}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    }

    @Test
    void deep_json_and_large_bodies_are_refused() {
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThat(server.send("ana", "POST", "/api/chat/sessions", deep).status()).isEqualTo(400);
        assertThat(server.send("ana", "POST", "/api/chat/sessions", "{\"a\":\"" + "x".repeat(3 << 20) + "\"}").status())
                .isEqualTo(413);
        HttpRequest.Builder streamed = server.request("ana", "/api/chat/sessions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers
                        .fromPublisher(HttpRequest.BodyPublishers.ofString("{\"a\":\"" + "x".repeat(3 << 20) + "\"}")));
        assertThat(server.send(streamed).status()).isEqualTo(413);
    }

    @Test
    void another_media_type_is_refused() {
        Answer answer = server.send(server.request("ana", "/api/chat/sessions")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    }

    @Test
    void who_is_not_known_is_told_so() {
        Answer none = server.get("", "/api/chat/sessions");
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(server.get("forged", "/api/chat/sessions").text("code")).isEqualTo("UNAUTHORIZED");
        assertThat(server.get("expired", "/api/chat/sessions").text("code")).isEqualTo("TOKEN_EXPIRED");
        assertThat(server.get("", "/api/chat/sessions?token=ana").status()).isEqualTo(401);
        assertThat(server.get("", "/api/chat/sessions/s/poll?token=ana").status()).isEqualTo(200);
    }

    @Test
    void problems_speak_the_clients_language() {
        Answer answer =
                server.send(server.request("ana", "/api/chat/sessions/nobody").header("Accept-Language", "pt-BR,en;q=0.5"));

        assertThat(answer.text("detail")).isEqualTo("Isso não existe aqui");
        assertThat(answer.header("Content-Language")).isEqualTo("pt-BR");
        assertThat(answer.text("title")).isEqualTo("Not Found");
    }

    @Test
    void who_keeps_no_cookie_is_counted_by_address() {
        Server open = new Server(withRequests(EngineSettings.DEFAULT, 3), Authenticator.Mode.OPTIONAL,
                new OriginPolicy(List.of()), ConnectionSettings.STANDARD);
        try (open) {
            for (int i = 0; i < 3; i++) {
                assertThat(open.get("", "/api/chat/quota").status()).isEqualTo(200);
            }
            assertThat(open.get("", "/api/chat/quota").status()).isEqualTo(429);
            assertThat(open.get("", "/api/chat/quota?client_id=me").status()).isEqualTo(429);
            assertThat(open.get("ana", "/api/chat/quota").status()).isEqualTo(200);
        }
    }

    @Test
    void strangers_of_one_address_have_the_polls_and_streams_of_one_user() {
        Server open = new Server(EngineSettings.DEFAULT, Authenticator.Mode.OPTIONAL, new OriginPolicy(List.of("*")),
                ConnectionSettings.STANDARD);
        try (open) {
            open.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s\",\"visibility\":\"shared\"}");
            for (int i = 0; i < 3; i++) {
                assertThat(open.get("", "/api/chat/sessions/s/poll?wait=0s&client_id=guest" + i).status()).isEqualTo(200);
            }
            assertThat(open.get("", "/api/chat/sessions/s/poll?wait=0s&client_id=guest3").status()).isEqualTo(429);
            assertThat(open.get("", "/api/chat/sessions/s/events").status()).isEqualTo(429);
            assertThat(open.get("ana", "/api/chat/sessions/s/poll?wait=0s").status()).isEqualTo(200);
        }
    }

    @Test
    void who_is_anonymous_gets_no_token_that_nobody_would_accept() {
        try (Server open = new Server(EngineSettings.DEFAULT, Authenticator.Mode.OPTIONAL, new OriginPolicy(List.of()),
                ConnectionSettings.STANDARD)) {
            Answer refused = open.send("", "POST", "/api/v1/ws/token", "");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text("code")).isEqualTo("FORBIDDEN");
        }
    }

    @Test
    void an_address_that_only_ends_like_a_connection_s_is_counted_and_takes_no_token_from_it() {
        try (Server strict = new Server(withRequests(EngineSettings.DEFAULT, 3), Authenticator.Mode.REQUIRED,
                new OriginPolicy(List.of()), ConnectionSettings.STANDARD)) {
            assertThat(strict.get("", "/api/v1/ws/rooms/events?token=ana").status()).isEqualTo(401);
            for (int i = 0; i < 3; i++) {
                assertThat(strict.get("ana", "/api/v1/ws/rooms/frames").status()).isEqualTo(404);
            }
            assertThat(strict.get("ana", "/api/v1/ws/rooms/frames").status()).isEqualTo(429);
        }
    }

    @Test
    void requests_are_counted_and_refusals_say_when_to_come_back() {
        EngineSettings standard = EngineSettings.DEFAULT;
        Server strict = new Server(withRequests(standard, 3), Authenticator.Mode.REQUIRED, new OriginPolicy(List.of()),
                ConnectionSettings.STANDARD);
        try (strict) {
            for (int i = 0; i < 3; i++) {
                assertThat(strict.get("ana", "/api/chat/quota").status()).isEqualTo(200);
            }
            Answer denied = strict.get("ana", "/api/chat/quota");
            assertThat(denied.status()).isEqualTo(429);
            assertThat(denied.text("detail")).isEqualTo("Rate limit exceeded");
            assertThat(Integer.parseInt(denied.header("Retry-After"))).isBetween(1, 60);
            assertThat(strict.get("bruno", "/api/chat/quota").status()).isEqualTo(200);
            assertThat(strict.get("", "/health").status()).isEqualTo(200);
        }
    }

    @Test
    void anonymous_clients_are_the_same_user_again_by_their_cookie() {
        try (Server open = new Server(EngineSettings.DEFAULT, Authenticator.Mode.OPTIONAL, new OriginPolicy(List.of()),
                ConnectionSettings.STANDARD)) {
            Answer first = open.send("", "POST", "/api/chat/sessions", "{\"session_id\":\"s\"}");
            String cookie = first.header("Set-Cookie");
            assertThat(cookie).contains("HttpOnly").contains("SameSite=Lax");
            Answer same = open
                    .send(open.request("", "/api/chat/sessions/s").header("Cookie", cookie.substring(0, cookie.indexOf(';'))));
            assertThat(same.status()).isEqualTo(200);
            assertThat(open.get("", "/api/chat/sessions/s").status()).isEqualTo(403);
            assertThat(open.get("forged", "/api/chat/sessions").status()).isEqualTo(401);
        }
    }

    @Test
    void pages_of_strangers_may_not_ask() throws IOException {
        assertThat(raw("GET /api/chat/quota", "Origin: https://evil.example", "Authorization: Bearer ana"))
                .startsWith("HTTP/1.1 403")
                .contains("problem+json")
                .doesNotContain("Access-Control-Allow-Origin");
        assertThat(raw("OPTIONS /api/chat/quota", "Origin: https://evil.example", "Access-Control-Request-Method: GET"))
                .startsWith("HTTP/1.1 403");
        String allowed = raw("OPTIONS /api/chat/quota", "Origin: http://localhost:5173", "Access-Control-Request-Method: PATCH");
        assertThat(allowed).startsWith("HTTP/1.1 204")
                .containsIgnoringCase("access-control-allow-origin: http://localhost:5173")
                .contains("PATCH")
                .contains("Idempotency-Key");
        assertThat(raw("GET /api/chat/quota", "Origin: http://localhost:5173", "Authorization: Bearer ana"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("access-control-allow-origin: http://localhost:5173");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/assets/../vendor.properties", "/assets/%2e%2e/vendor.properties", "/assets/..%2fvendor.properties",
        "/assets//etc/passwd", "/assets/js/", "/assets/.git", "/assets/vendor/nothing.js",
        "/assets/js/..%5c..%5cvendor.properties", "/assets/x.class"})
    void nothing_leads_out_of_the_page(String path) throws IOException {
        assertThat(raw("GET " + path)).startsWith("HTTP/1.1 404");
    }

    @Test
    void the_page_is_served_once_and_then_confirmed() {
        Answer page = server.get("", "/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Parley</title>");
        assertThat(page.header("Content-Security-Policy")).contains("frame-ancestors 'none'").doesNotContain("unsafe-inline");
        assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(server.send(server.request("", "/").header("If-None-Match", page.header("ETag"))).status()).isEqualTo(304);
        assertThat(server.get("", "/assets/js/app.js").header("Content-Type")).startsWith("text/javascript");
        assertThat(server.get("", "/assets/vendor/marked.js").status()).isEqualTo(200);
        assertThat(server.get("", "/assets/parley-client/index.js").status()).isEqualTo(200);
    }

    @Test
    void the_page_comes_in_a_few_small_files() throws IOException {
        Answer whole = server.get("", "/assets/js/app.js");
        assertThat(whole.body()).as("with all that it imports")
                .contains("class ParleyClient")
                .contains("from '../vendor/marked.js'");
        assertThat(whole.body().lines().filter(line -> line.startsWith("import "))).hasSize(2);
        assertThat(server.get("", "/assets/css/page.css").body()).contains(".prose").doesNotContain("@import");
        assertThat(server.get("", "/assets/js/store.js").body()).as("single files are as they were")
                .contains("export class Store");
        assertThat(server.get("", "/sw.js").header("Content-Type")).startsWith("text/javascript");
        HttpRequest.Builder request = server.request("", "/assets/js/app.js").header("Accept-Encoding", "br, gzip");
        HttpResponse<byte[]> small = bytes(request);
        assertThat(small.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(small.headers().firstValue("Vary")).hasValue("Accept-Encoding");
        assertThat(new String(new GZIPInputStream(new ByteArrayInputStream(small.body())).readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(whole.body());
        String tag = small.headers().firstValue("ETag").orElseThrow();
        assertThat(tag).as("another text than the plain one").isNotEqualTo(whole.header("ETag"));
        assertThat(bytes(request.header("If-None-Match", tag)).statusCode()).isEqualTo(304);
        assertThat(bytes(server.request("", "/assets/js/app.js").header("Accept-Encoding", "gzip;q=0"))
                .headers()
                .firstValue("Content-Encoding"))
                .isEmpty();
    }

    private HttpResponse<byte[]> bytes(HttpRequest.Builder request) throws IOException {
        try {
            return server.client().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void the_server_tells_about_itself() {
        assertThat(server.get("", "/health").json().truth("ready")).contains(true);
        assertThat(server.get("", "/health/live").json().truth("live")).contains(true);
        assertThat(server.get("", "/metrics").body()).isEqualTo("parley_up 1\n");
        assertThat(server.send(server.request("", "/health").method("HEAD", HttpRequest.BodyPublishers.noBody())).status())
                .isEqualTo(200);
    }

    private String raw(String line, String... headers) throws IOException {
        URI base = server.uri("/");
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            OutputStream out = socket.getOutputStream();
            StringBuilder request = new StringBuilder(line).append(" HTTP/1.1\r\nHost: ")
                    .append(base.getAuthority())
                    .append("\r\nConnection: close\r\n");
            for (String header : headers) {
                request.append(header).append("\r\n");
            }
            out.write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static EngineSettings withRequests(EngineSettings s, int permits) {
        return withQuotas(s, s.messages(), Optional.of(new Quota(permits, Duration.ofMinutes(1))));
    }

    static EngineSettings withQuotas(EngineSettings s, Optional<Quota> messages, Optional<Quota> requests) {
        return new EngineSettings(
                s.maxMessageLength(), s.maxReplyLength(), s.contextMessages(), s.overlap(), s.concurrentReplies(), s.queueLimit(),
                s.coalesce(), s.streamDelay(), s.checkpointEvery(), messages,
                requests, s.frames(), s.events(),
                s.limiterFailsOpen(), s.visibility(), s.defaultModel(), s.modelFallback(), s.router(), s.autoTitle(),
                s.ticketRoles(), s.presenceLife(), s.presenceGrace(), s.typingLife(), s.nodeLease(), s.maxMissed(),
                s.sessionTtl(), s.changeRetention(), s.uploads(), s.content());
    }
}
