package dev.parley.adapter.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.protocols.http.HttpEndpoint;
import dev.parley.protocols.http.HttpExchange;
import dev.parley.testkit.wire.RawClient;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients of plain HTTP that stand still in the middle. */
class StallTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void an_answer_that_nobody_reads_ends_and_frees_its_thread() throws Exception {
        CompletableFuture<IOException> ended = new CompletableFuture<>();
        try (HostFixture fixture = fixture(SHORT, LONG, exchange -> writeForEver(exchange, ended));
                RawClient client = new RawClient(fixture.port(), 16 << 10)) {
            client.send("GET /stream HTTP/1.1\r\nHost: chat.test\r\n\r\n");
            assertThat(ended.get(20, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void an_answer_that_must_end_is_cut_off_although_its_client_may_read_again() throws Exception {
        CompletableFuture<IOException> ended = new CompletableFuture<>();
        try (HostFixture fixture = fixture(LONG, SHORT, exchange -> {
            exchange.ending();
            writeForEver(exchange, ended);
        });
                RawClient client = new RawClient(fixture.port(), 16 << 10)) {
            client.send("GET /stream HTTP/1.1\r\nHost: chat.test\r\n\r\n");
            assertThat(ended.get(20, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void an_answer_that_ended_in_time_leaves_its_connection_to_the_next() throws Exception {
        CompletableFuture<Void> passed = new CompletableFuture<>();
        try (HostFixture fixture = fixture(LONG, SHORT, exchange -> {
            if (exchange.query().equals("wait")) {
                passed.orTimeout(20, TimeUnit.SECONDS).join();
            } else {
                exchange.ending();
            }
            exchange.respond(200, Map.of(), 0).close();
        });
                RawClient client = new RawClient(fixture.port());
                RawClient other = new RawClient(fixture.port(), 16 << 10)) {
            client.send("GET /stream HTTP/1.1\r\nHost: chat.test\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            client.send("GET /stream?wait HTTP/1.1\r\nHost: chat.test\r\n\r\n");
            // What was told to end later is cut off by now, and what ended before is not.
            CompletableFuture<IOException> ended = new CompletableFuture<>();
            forEver = ended;
            other.send("GET /forever HTTP/1.1\r\nHost: chat.test\r\n\r\n");
            assertThat(ended.get(20, TimeUnit.SECONDS)).isNotNull();
            passed.complete(null);
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        }
    }

    private volatile CompletableFuture<IOException> forEver = new CompletableFuture<>();

    @Test
    void a_request_whose_body_never_comes_is_let_go() throws Exception {
        CompletableFuture<IOException> ended = new CompletableFuture<>();
        try (HostFixture fixture = fixture(SHORT, LONG, exchange -> {
            try {
                exchange.body().readAllBytes();
            } catch (IOException gone) {
                ended.complete(gone);
                throw gone;
            }
        });
                RawClient client = new RawClient(fixture.port())) {
            client.send("POST /stream HTTP/1.1\r\nHost: chat.test\r\nContent-Length: 10\r\n\r\nhello");
            assertThat(ended.get(20, TimeUnit.SECONDS)).isNotNull();
            assertThat(client.ended()).isTrue();
        }
    }

    private HostFixture fixture(Duration stall, Duration grace, HttpEndpoint endpoint) {
        HostSettings settings = new HostSettings(
                "127.0.0.1", 0, 1, 1 << 20, 16 << 10, true, Duration.ofSeconds(60), grace, stall, Duration.ofSeconds(1));
        return new HostFixture(
                Authenticator.Mode.REQUIRED,
                settings,
                ConnectionSettings.STANDARD,
                new ConnectionSlots(10, 10),
                host -> host.http("/stream", endpoint).http("/forever", exchange -> {
                    exchange.ending();
                    writeForEver(exchange, forEver);
                }));
    }

    private static void writeForEver(HttpExchange exchange, CompletableFuture<IOException> ended) throws IOException {
        byte[] piece = new byte[10_000];
        try (OutputStream out = exchange.respond(200, Map.of(), HttpExchange.UNKNOWN_LENGTH)) {
            while (!ended.isDone()) {
                out.write(piece);
                out.flush();
            }
        } catch (IOException gone) {
            ended.complete(gone);
            throw gone;
        }
    }
}
