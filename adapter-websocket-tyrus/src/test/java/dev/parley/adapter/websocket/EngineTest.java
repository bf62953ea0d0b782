package dev.parley.adapter.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.Step;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.admission.OriginPolicy;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import dev.parley.protocols.socketio.EngineSettings;
import dev.parley.protocols.socketio.NamespaceSession;
import dev.parley.protocols.socketio.NamespaceSocket;
import dev.parley.protocols.socketio.Payload;
import dev.parley.protocols.socketio.SocketEvent;
import dev.parley.protocols.socketio.SocketIoProtocol;
import dev.parley.protocols.socketio.SocketIoSettings;
import dev.parley.testkit.wire.RawClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Engine.IO over real sockets, with a Socket.IO server on top that echoes. */
class EngineTest {

    private static final EngineSettings SETTINGS = EngineSettings.STANDARD.withMaxPayload(100_000);

    private final ConnectionSlots slots = new ConnectionSlots(1000, 2, 5);
    private final HostFixture fixture = new HostFixture(
            Authenticator.Mode.REQUIRED,
            HostSettings.STANDARD.withMaxFrame(200_000),
            ConnectionSettings.STANDARD,
            slots,
            builder -> builder.origins(new OriginPolicy(List.of("https://good.test")))
                    .mountEngine(
                            SETTINGS,
                            SocketIoProtocol.builder(SocketIoSettings.STANDARD)
                                    .namespace("/", Echo::new)
                                    .namespace("/members", Members::new)
                                    .build())
                    .mountEngine(
                            SETTINGS.at("/impatient"),
                            SocketIoProtocol.builder(
                                    SocketIoSettings.STANDARD.withConnectTimeout(Duration.ofMillis(300)))
                                    .build()));
    private final HttpClient http = HttpClient.newHttpClient();

    private record Echo(NamespaceSocket socket) implements NamespaceSession {
        @Override
        public List<Step> connecting(JsonObject auth, Instant now) {
            return socket.accept();
        }

        @Override
        public List<Step> received(SocketEvent event, Instant now) {
            return event.acknowledged() ? event.answer(event.arguments()) : socket.emit(event.name(), event.arguments());
        }
    }

    /** Lets in whoever has a token. */
    private record Members(NamespaceSocket socket) implements NamespaceSession {
        @Override
        public List<Step> connecting(JsonObject auth, Instant now) {
            return List.of(new Step.Identify(auth.text("token"), Optional.empty(), outcome -> switch (outcome) {
                case dev.parley.application.command.Outcome.Done<dev.parley.protocols.Handshake> done ->
                        socket.accept(done.value().principal().user().value());
                case dev.parley.application.command.Outcome.Refused<dev.parley.protocols.Handshake> refused ->
                        socket.refuse("Refused", Optional.of(new JsonValue.Text(refused.refusal().code().name())));
            }));
        }

        @Override
        public List<Step> received(SocketEvent event, Instant now) {
            return List.of();
        }

        @Override
        public List<Step> happened(dev.parley.application.event.Event event, Instant now) {
            return socket.emit("told", Payload.EMPTY);
        }
    }

    @AfterEach
    void end() {
        fixture.close();
        http.close();
    }

    @Test
    void a_client_polls_and_posts() throws Exception {
        String sid = handshake();
        assertThat(post(sid, "40")).isEqualTo("200 ok");
        assertThat(poll(sid)).startsWith("200 40{\"sid\":");
        CompletableFuture<String> waiting = http.sendAsync(
                request(sid, "polling").build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(HttpResponse::body);
        assertThat(post(sid, "42[\"hi\",\"€\"]\u001e4212[\"x\",1]")).isEqualTo("200 ok");
        String said = waiting.get();
        while (!said.contains("4312[1]")) {
            said += poll(sid);
        }
        assertThat(said).contains("42[\"hi\",\"€\"]");
        assertThat(post(sid, "451-[\"bytes\",{\"_placeholder\":true,\"num\":0}]\u001ebAQID")).isEqualTo("200 ok");
        assertThat(poll(sid)).isEqualTo("200 451-[\"bytes\",{\"_placeholder\":true,\"num\":0}]\u001ebAQID");
    }

    @Test
    void a_client_that_closes_is_forgotten() throws Exception {
        String sid = handshake();
        assertThat(post(sid, "1")).isEqualTo("200 ok");
        assertThat(poll(sid)).isEqualTo("400 {\"code\":1,\"message\":\"Session ID unknown\"}");
        assertThat(slots.taken()).isZero();
        assertThat(fixture.host.count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, '', 0",
        "GET, EIO=4&transport=abc, 0",
        "GET, EIO=4&transport=polling&sid=nobody, 1",
        "POST, EIO=4&transport=polling, 2",
        "GET, EIO=4&transport=websocket, 3",
        "GET, EIO=3&transport=polling, 5",
        "GET, transport=polling, 5",
    })
    void a_request_that_is_wrong_is_told_so(String method, String query, int code) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(uri("?" + query))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.body()).startsWith("{\"code\":" + code + ",\"message\":");
    }

    @Test
    void a_socket_that_is_wrong_is_not_opened() throws Exception {
        for (String query : List.of("EIO=4&transport=abc", "EIO=3&transport=websocket", "EIO=4&transport=websocket&sid=x")) {
            try (RawClient client = new RawClient(fixture.port())) {
                assertThat(client.handshake("/socket.io/?" + query)).startsWith("HTTP/1.1 400 ");
                assertThat(client.readAll()).startsWith("{\"code\":");
            }
        }
    }

    @Test
    void pages_of_others_are_kept_out_before_anything_is_opened() throws Exception {
        HttpResponse<String> refused = http.send(
                HttpRequest.newBuilder(uri("?EIO=4&transport=polling"))
                        .header("Origin", "https://evil.test")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("access-control-allow-origin")).contains("https://evil.test");
        try (RawClient client = new RawClient(fixture.port())) {
            assertThat(client.handshake("/socket.io/?EIO=4&transport=websocket", "Origin: https://evil.test"))
                    .startsWith("HTTP/1.1 403 ");
        }
        assertThat(slots.taken()).isZero();
    }

    @Test
    void pages_that_may_are_told_so() throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(uri("?EIO=4&transport=polling"))
                        .header("Origin", "https://good.test")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("https://good.test");
        assertThat(answer.headers().firstValue("access-control-allow-credentials")).contains("true");
        HttpResponse<String> preflight = http.send(
                HttpRequest.newBuilder(uri("?EIO=4&transport=polling"))
                        .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                        .header("Origin", "https://good.test")
                        .header("Access-Control-Request-Method", "POST")
                        .header("Access-Control-Request-Headers", "content-type")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("access-control-allow-methods")).contains("GET, POST");
        assertThat(preflight.headers().firstValue("access-control-allow-headers")).contains("content-type");
    }

    @Test
    void two_polls_at_a_time_end_the_session() throws Exception {
        String sid = handshake();
        CompletableFuture<String> first = pollLater(sid);
        HostFixture.eventually(() -> fixture.host.count() == 1);
        CompletableFuture<String> second = pollLater(sid);
        assertThat(List.of(first.get(), second.get()))
                .containsExactlyInAnyOrder("200 1", "400 {\"code\":3,\"message\":\"Bad request\"}");
        assertThat(poll(sid)).startsWith("400 {\"code\":1,");
    }

    @Test
    void a_body_that_is_too_long_ends_the_session() throws Exception {
        String sid = handshake();
        assertThat(post(sid, "4" + "x".repeat(100_000))).startsWith("413 ");
        assertThat(poll(sid)).startsWith("400 {\"code\":1,");
    }

    @Test
    void a_body_nobody_can_read_ends_the_session() throws Exception {
        for (String body : List.of("abc", "", "b!", "4a\u001e")) {
            String sid = handshake();
            assertThat(post(sid, body)).startsWith("400 ");
            assertThat(poll(sid)).startsWith("400 {\"code\":1,");
        }
    }

    @Test
    void bytes_are_not_posted_as_they_are() throws Exception {
        String sid = handshake();
        HttpResponse<String> answer = http.send(
                request(sid, "polling")
                        .header("Content-Type", "application/octet-stream")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {4, 1}))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(poll(sid)).startsWith("400 {\"code\":1,");
    }

    @Test
    void a_socket_echoes_texts_and_bytes() throws Exception {
        try (RawClient client = socket()) {
            client.send(RawClient.text("40"));
            assertThat(client.next().text()).startsWith("40{\"sid\":");
            client.send(RawClient.text("451-[\"x\",{\"_placeholder\":true,\"num\":0}]"));
            client.send(RawClient.frame(0x82, new byte[] {1, 2, 3}));
            assertThat(client.next().text()).isEqualTo("451-[\"x\",{\"_placeholder\":true,\"num\":0}]");
            RawClient.Received bytes = client.next();
            assertThat(bytes.opcode()).isEqualTo(2);
            assertThat(bytes.payload()).containsExactly(1, 2, 3);
        }
        HostFixture.eventually(() -> slots.taken() == 0);
    }

    @Test
    void a_socket_takes_over_from_polls() throws Exception {
        String sid = handshake();
        post(sid, "40");
        poll(sid);
        CompletableFuture<String> waiting = pollLater(sid);
        try (RawClient client = new RawClient(fixture.port())) {
            assertThat(client.handshake("/socket.io/?EIO=4&transport=websocket&sid=" + sid)).startsWith("HTTP/1.1 101 ");
            client.send(RawClient.text("2probe"));
            assertThat(client.next().text()).isEqualTo("3probe");
            assertThat(waiting.get()).isEqualTo("200 6");
            post(sid, "42[\"between\"]");
            client.send(RawClient.text("5"));
            client.send(RawClient.text("42[\"after\"]"));
            assertThat(client.next().text()).isEqualTo("42[\"between\"]");
            assertThat(client.next().text()).isEqualTo("42[\"after\"]");
            assertThat(poll(sid)).isEqualTo("400 {\"code\":3,\"message\":\"Bad request\"}");
            try (RawClient second = new RawClient(fixture.port())) {
                second.handshake("/socket.io/?EIO=4&transport=websocket&sid=" + sid);
                assertThat(second.ended()).isTrue();
            }
            client.send(RawClient.text("42[\"still\"]"));
            assertThat(client.next().text()).isEqualTo("42[\"still\"]");
        }
        HostFixture.eventually(() -> slots.taken() == 0);
    }

    @Test
    void a_client_that_asks_for_no_namespace_is_closed() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.handshake("/impatient/?EIO=4&transport=websocket");
            assertThat(client.ended()).isTrue();
        }
        HostFixture.eventually(() -> slots.taken() == 0);
    }

    @Test
    void strangers_are_few_until_they_say_who_they_are() throws Exception {
        // All of one address together have the places of one user.
        handshake();
        RawClient ann = socket();
        assertThat(http.send(
                HttpRequest.newBuilder(uri("?EIO=4&transport=polling"))
                        .build(),
                HttpResponse.BodyHandlers.ofString())
                .statusCode())
                .isEqualTo(503);
        try (RawClient refused = new RawClient(fixture.port())) {
            assertThat(refused.handshake("/socket.io/?EIO=4&transport=websocket")).startsWith("HTTP/1.1 503 ");
        }
        assertThat(fixture.engine.links).isEmpty();
        ann.send(RawClient.text("40/members,{\"token\":\"ann\"}"));
        assertThat(ann.next().text()).startsWith("40/members,{\"sid\":");
        assertThat(fixture.engine.links).hasSize(1);
        handshake();
        ann.close();
        HostFixture.eventually(() -> fixture.engine.links.isEmpty());
    }

    @Test
    void whoever_is_refused_is_told_why() throws Exception {
        try (RawClient client = socket()) {
            client.send(RawClient.text("40/members,{\"token\":\"bad\"}"));
            assertThat(client.next().text()).isEqualTo("44/members,{\"message\":\"Refused\",\"data\":\"UNAUTHORIZED\"}");
            client.send(RawClient.text("40/members,{\"token\":\"old\"}"));
            assertThat(client.next().text()).endsWith("\"data\":\"TOKEN_EXPIRED\"}");
            client.send(RawClient.text("40/members,{\"token\":\"away\"}"));
            assertThat(client.next().text()).endsWith("\"data\":\"STORE_UNAVAILABLE\"}");
            client.send(RawClient.text("40/nowhere,"));
            assertThat(client.next().text()).isEqualTo("44/nowhere,{\"message\":\"Invalid namespace\"}");
        }
    }

    @Test
    void a_user_has_so_many_connections() throws Exception {
        try (RawClient one = member(); RawClient two = member(); RawClient three = socket()) {
            assertThat(fixture.engine.links).hasSize(2);
            three.send(RawClient.text("40/members,{\"token\":\"ann\"}"));
            assertThat(three.next().text()).endsWith("\"data\":\"RATE_LIMIT\"}");
            fixture.engine.tell(new dev.parley.application.event.Event.Announced(
                    "x", dev.parley.domain.live.Hint.Level.INFO));
            assertThat(one.next().text()).isEqualTo("42/members,[\"told\"]");
            assertThat(two.next().text()).isEqualTo("42/members,[\"told\"]");
        }
    }

    @Test
    void an_engine_that_is_away_lets_nobody_in() throws Exception {
        fixture.engine.broken = true;
        try (RawClient client = socket()) {
            client.send(RawClient.text("40/members,{\"token\":\"ann\"}"));
            assertThat(client.next().text()).endsWith("\"data\":\"STORE_UNAVAILABLE\"}");
        }
    }

    @Test
    void a_host_that_ends_closes_sockets_and_polls() throws Exception {
        String sid = handshake();
        post(sid, "40");
        poll(sid);
        CompletableFuture<String> waiting = pollLater(sid);
        try (RawClient client = member()) {
            fixture.host.stopAccepting();
            assertThat(http.send(
                    HttpRequest.newBuilder(uri("?EIO=4&transport=polling"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString())
                    .statusCode())
                    .isEqualTo(503);
            fixture.host.close();
            assertThat(client.next().closing()).isEqualTo("1001 drain");
            assertThat(waiting.get()).isEqualTo("200 1");
        }
    }

    private RawClient socket() throws IOException {
        RawClient client = new RawClient(fixture.port());
        assertThat(client.handshake("/socket.io/?EIO=4&transport=websocket")).startsWith("HTTP/1.1 101 ");
        assertThat(client.next().text()).startsWith("0{\"sid\":");
        return client;
    }

    private RawClient member() throws IOException {
        RawClient client = socket();
        client.send(RawClient.text("40/members,{\"token\":\"ann\"}"));
        assertThat(client.next().text()).startsWith("40/members,{\"sid\":");
        return client;
    }

    private String handshake() throws Exception {
        String opened = http.send(
                HttpRequest.newBuilder(uri("?EIO=4&transport=polling")).build(),
                HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(opened).startsWith("0{\"sid\":\"").contains("\"upgrades\":[\"websocket\"]", "\"maxPayload\":100000}");
        return opened.substring(9, opened.indexOf('"', 9));
    }

    private String poll(String sid) throws Exception {
        return pollLater(sid).get();
    }

    private CompletableFuture<String> pollLater(String sid) {
        return http.sendAsync(request(sid, "polling").build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> answer.statusCode() + " " + answer.body());
    }

    private String post(String sid, String body) throws Exception {
        HttpResponse<String> answer = http.send(
                request(sid, "polling").POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    private HttpRequest.Builder request(String sid, String transport) {
        return HttpRequest.newBuilder(uri("?EIO=4&transport=" + transport + "&sid=" + sid)).timeout(Duration.ofSeconds(30));
    }

    private URI uri(String query) {
        return URI.create("http://127.0.0.1:" + fixture.port() + "/socket.io/" + query);
    }
}
