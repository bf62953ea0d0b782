package dev.parley.adapter.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.protocols.http.HttpExchange;
import dev.parley.testkit.wire.RawClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plain requests beside sockets. */
class HttpTest {

    private final HostFixture fixture = new HostFixture(
            Authenticator.Mode.REQUIRED,
            HostSettings.STANDARD,
            ConnectionSettings.STANDARD,
            new ConnectionSlots(10, 10),
            host -> host.http("/api/echo", HttpTest::echo)
                    .http("/api/count", HttpTest::count)
                    .http("/api/fault", exchange -> {
                        throw new IllegalStateException("A fault of the endpoint");
                    })
                    .http("/", exchange -> answer(exchange, 200, "page " + exchange.path())));

    @AfterEach
    void end() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void a_body_comes_and_goes_whatever_version_the_client_offers(HttpClient.Version version) throws Exception {
        try (HttpClient client = client(version)) {
            String body = "body ".repeat(100_000);
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(uri("/api/echo/deep?a=b%20c"))
                                .header("X-Word", "one")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(201);
                assertThat(answer.headers().firstValue("x-seen")).contains("POST /api/echo/deep a=b%20c one http");
                assertThat(answer.headers().firstValue("content-type")).contains("text/plain");
                assertThat(answer.body()).isEqualTo(body);
            }
        }
    }

    @Test
    void an_answer_of_unknown_length_arrives_while_it_is_made() throws Exception {
        try (HttpClient client = client(HttpClient.Version.HTTP_1_1)) {
            HttpResponse<InputStream> answer = client.send(
                    HttpRequest.newBuilder(uri("/api/count")).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                assertThat(body.readNBytes(2)).isEqualTo("0\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(body.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("1\n2\n");
            }
        }
    }

    @Test
    void the_longest_path_answers_and_faults_stay_inside() throws Exception {
        try (HttpClient client = client(HttpClient.Version.HTTP_1_1)) {
            assertThat(get(client, "/").body()).isEqualTo("page /");
            assertThat(get(client, "/api/other").body()).isEqualTo("page /api/other");
            HttpResponse<String> fault = get(client, "/api/fault");
            assertThat(fault.statusCode()).isEqualTo(500);
            assertThat(fault.body()).doesNotContain("IllegalState", "A fault");
            assertThat(get(client, "/ws/s1").body()).isEqualTo("page /ws/s1");
        }
    }

    @Test
    void a_socket_goes_on_after_its_path_was_served_as_a_page() throws Exception {
        try (HttpClient client = client(HttpClient.Version.HTTP_1_1)) {
            get(client, "/ws/s1");
            get(client, "/ws/s1");
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            WebSocket socket = client.newWebSocketBuilder()
                    .header("Authorization", "Bearer ann")
                    .subprotocols("parley")
                    .buildAsync(URI.create("ws://127.0.0.1:" + fixture.port() + "/ws/s1"), new Listener(heard))
                    .get(20, TimeUnit.SECONDS);
            assertThat(socket.getSubprotocol()).isEqualTo("parley");
            assertThat(heard.poll(20, TimeUnit.SECONDS)).startsWith("hello ann");
            socket.sendText("grüße ", false).get(20, TimeUnit.SECONDS);
            socket.sendText("dich", true).get(20, TimeUnit.SECONDS);
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("grüße dich");
            assertThat(get(client, "/").statusCode()).isEqualTo(200);
            socket.sendClose(1000, "enough").get(20, TimeUnit.SECONDS);
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("close 1000");
            HostFixture.eventually(() -> fixture.engine.links.isEmpty());
        }
    }

    @Test
    void a_client_that_does_not_read_its_answer_holds_nobody_up() throws Exception {
        try (RawClient slow = new RawClient(fixture.port(), 16 << 10);
                HttpClient client = client(HttpClient.Version.HTTP_1_1)) {
            byte[] body = new byte[20 << 20];
            slow.send("POST /api/echo HTTP/1.1\r\nHost: chat.test\r\nContent-Length: " + body.length + "\r\n\r\n");
            slow.send(body);
            for (int i = 0; i < 20; i++) {
                assertThat(get(client, "/").statusCode()).isEqualTo(200);
            }
        }
    }

    private static void echo(HttpExchange exchange) throws IOException {
        byte[] body = exchange.body().readAllBytes();
        String seen = exchange.method() + " " + exchange.path() + " " + exchange.query() + " "
                + exchange.header("x-word").orElse("") + " " + exchange.peer().scheme();
        try (OutputStream out = exchange.respond(
                201, Map.of("X-Seen", List.of(seen), "Content-Type", List.of("text/plain")), body.length)) {
            out.write(body);
        }
    }

    private static void count(HttpExchange exchange) throws IOException {
        try (OutputStream out = exchange.respond(200, Map.of(), HttpExchange.UNKNOWN_LENGTH)) {
            for (int i = 0; i < 3; i++) {
                out.write((i + "\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = exchange.respond(status, Map.of(), body.length)) {
            out.write(body);
        }
    }

    private HttpResponse<String> get(HttpClient client, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .connectTimeout(Duration.ofSeconds(20))
                .build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + fixture.port() + path);
    }

    private static final class Listener implements WebSocket.Listener {
        private final BlockingQueue<String> heard;
        private final StringBuilder text = new StringBuilder();

        Listener(BlockingQueue<String> heard) {
            this.heard = heard;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                heard.add(text.toString());
                text.setLength(0);
            }
            return WebSocket.Listener.super.onText(socket, "", last);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("close " + code);
            return WebSocket.Listener.super.onClose(socket, code, reason);
        }
    }
}
