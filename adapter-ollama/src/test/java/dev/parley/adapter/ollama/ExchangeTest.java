package dev.parley.adapter.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.testkit.wire.SelfSigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP as servers really speak it, and as they should not. */
@Timeout(60)
final class ExchangeTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(100);

    private final RawServer server = new RawServer();
    private final Wires wires = Wires.open(settings("http://127.0.0.1:" + server.port()));

    @AfterEach
    void close() throws IOException {
        wires.close();
        server.close();
    }

    @Test
    void an_answer_of_a_known_length_is_read_and_its_connection_used_again() throws Exception {
        server.answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello")
                .answers("HTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n");
        assertThat(ask()).isEqualTo("200 Hello");
        assertThat(ask()).isEqualTo("404 ");
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.requests().getFirst())
                .startsWith("POST /api/x HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n")
                .endsWith("\r\nContent-Length: 8\r\n\r\nQuestion");
    }

    @Test
    void chunks_are_joined_whatever_stands_beside_them() throws Exception {
        String interim = "HTTP/1.1 100 Continue\r\n\r\n";
        String head = "HTTP/1.1 200\r\nTRANSFER-ENCODING:  chunked \r\n\r\n";
        server.answers(interim + head + "2;name=\"x\"\r\nHe\r\n003\r\nllo\r\n0\r\nTrailer: x\r\n\r\n")
                .answers(head + "A\r\n0123456789\r\n0\r\n\r\n");
        assertThat(ask()).isEqualTo("200 Hello");
        assertThat(ask()).isEqualTo("200 0123456789");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void an_answer_without_a_length_ends_with_its_connection() throws Exception {
        server.answersAndCloses("HTTP/1.0 200 OK\r\n\r\nuntil the end").answersAndCloses("HTTP/1.1 200 OK\r\n\r\nhere too");
        assertThat(ask()).isEqualTo("200 until the end");
        assertThat(ask()).isEqualTo("200 here too");
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void a_server_that_says_so_gets_no_second_request_over_a_connection() throws Exception {
        server.answers("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: Close\r\n\r\na")
                .answers("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nb")
                .answers("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\n")
                .answers("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nd and more")
                .answers("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ne");
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(ask());
        }
        assertThat(answers).containsExactly("200 a", "200 b", "200 c", "200 d", "200 e");
        assertThat(server.connections()).isEqualTo(5);
    }

    @Test
    void a_connection_that_the_server_closed_while_it_rested_is_not_used() throws Exception {
        server.answersAndCloses("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na")
                .answers("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb");
        assertThat(ask()).isEqualTo("200 a");
        while (wires.resting() > 0) {
            Thread.onSpinWait();
        }
        assertThat(ask()).isEqualTo("200 b");
    }

    @Test
    void what_comes_while_it_may_gather_is_read_together_and_what_comes_later_at_once() throws Exception {
        server.answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\na");
        try (Wires patient = Wires.open(settings(here()).gathering(Duration.ofMillis(500)));
                Exchange exchange = exchange(patient, LONG)) {
            assertThat(some(patient, exchange)).isEqualTo("a");
            exchange.gathers(true);
            server.adds("b");
            server.adds("c");
            assertThat(some(patient, exchange)).isEqualTo("bc");
            server.adds("d");
            assertThat(some(patient, exchange)).isEqualTo("d");
            exchange.gathers(false);
            server.adds("e");
            assertThat(some(patient, exchange)).isEqualTo("e");
        }
    }

    @Test
    void a_connection_that_gathered_serves_the_next_request() throws Exception {
        server.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na").answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        try (Wires patient = Wires.open(settings(here()).gathering(Duration.ofMillis(20)))) {
            try (Exchange exchange = exchange(patient, LONG)) {
                assertThat(some(patient, exchange)).isEqualTo("a");
                exchange.gathers(true);
                server.adds("b");
                assertThat(some(patient, exchange)).isEqualTo("b");
            }
            assertThat(ask(patient, here())).isEqualTo("200 ");
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void whoever_leaves_while_something_gathers_is_gone_for_the_server() throws Exception {
        server.answers("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na");
        try (Wires patient = Wires.open(settings(here()).gathering(Duration.ofSeconds(1)))) {
            try (Exchange exchange = exchange(patient, LONG)) {
                assertThat(some(patient, exchange)).isEqualTo("a");
                exchange.gathers(true);
            }
            assertThat(server.awaitGone()).isTrue();
        }
    }

    @Test
    void much_that_gathers_is_all_read() throws Exception {
        int much = 1 << 20;
        server.answers("HTTP/1.1 200 OK\r\nContent-Length: " + (much + 1) + "\r\n\r\na");
        try (Wires patient = Wires.open(settings(here()).gathering(Duration.ofMillis(20)));
                Exchange exchange = exchange(patient, LONG)) {
            assertThat(some(patient, exchange)).isEqualTo("a");
            exchange.gathers(true);
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> add("x".repeat(much)));
            assertThat(exchange.all(much, patient.in(LONG))).hasSize(much);
            sent.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void what_came_in_time_and_gathers_is_not_late() throws Exception {
        server.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
        try (Wires patient = Wires.open(settings(here()).gathering(Duration.ofSeconds(1)));
                Exchange exchange = exchange(patient, LONG)) {
            assertThat(some(patient, exchange)).isEqualTo("a");
            exchange.gathers(true);
            server.adds("b");
            assertThat(exchange.read(new byte[9], 0, 9, patient.in(SHORT))).isEqualTo(1);
        }
    }

    private void add(String bytes) {
        try {
            server.adds(bytes);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static String some(Wires wires, Exchange exchange) throws Exception {
        byte[] some = new byte[9];
        return new String(some, 0, exchange.read(some, 0, some.length, wires.in(LONG)), StandardCharsets.UTF_8);
    }

    @Test
    void an_answer_that_was_not_read_to_its_end_ends_its_connection() throws Exception {
        server.answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHe");
        try (Exchange exchange = exchange(LONG)) {
            assertThat(exchange.read(new byte[1], 0, 1, wires.in(LONG))).isEqualTo(1);
        }
        assertThat(server.awaitGone()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n\r\n",
                "<html>no</html>\r\n\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1,1\r\n\r\na",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\na",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n"
            })
    void what_is_no_http_is_refused(String bytes) {
        server.answers(bytes);
        assertThatThrownBy(this::ask).isInstanceOf(IOException.class).hasMessageStartingWith("Expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHell",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHell",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n"
            })
    void what_breaks_off_is_no_answer(String bytes) {
        server.answersAndCloses(bytes);
        assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
    }

    @Test
    void heads_have_a_bound() {
        server.answers("HTTP/1.1 200 OK\r\nX: " + "x".repeat(70_000));
        assertThatThrownBy(this::ask).isInstanceOf(IOException.class).hasMessageContaining("shorter lines");
        server.answers("HTTP/1.1 200 OK\r\n" + "X: x\r\n".repeat(1000) + "\r\n");
        assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
    }

    @Test
    void short_answers_have_a_bound() throws Exception {
        server.answers("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));
        try (Exchange exchange = exchange(LONG)) {
            assertThatThrownBy(() -> exchange.all(50_000, wires.in(LONG))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_silent_server_is_too_late_and_may_still_be_waited_for() throws Exception {
        server.answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        try (Exchange exchange = exchange(LONG)) {
            assertThatThrownBy(() -> exchange.read(new byte[8], 0, 8, wires.in(SHORT))).isInstanceOf(LateException.class);
            assertThatThrownBy(() -> exchange.read(new byte[8], 0, 8, wires.in(SHORT))).isInstanceOf(LateException.class);
        }
        assertThat(server.awaitGone()).isTrue();
    }

    @Test
    void a_server_that_does_not_read_is_too_late() {
        server.deaf();
        byte[] much = new byte[64 << 20];
        assertThatThrownBy(() -> Exchange.ask(wires, address("http://127.0.0.1:" + server.port()), Optional.of(much),
                wires.in(Duration.ofMillis(300))))
                .isInstanceOf(LateException.class);
    }

    @Test
    void a_large_question_goes_whole() throws Exception {
        server.answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        byte[] much = "x".repeat(8 << 20).getBytes(StandardCharsets.UTF_8);
        try (Exchange exchange =
                Exchange.ask(wires, address("http://127.0.0.1:" + server.port()), Optional.of(much), wires.in(LONG))) {
            assertThat(exchange.status()).isEqualTo(200);
        }
        assertThat(server.requests().getFirst()).endsWith("x").hasSizeGreaterThan(8 << 20);
    }

    @Test
    void who_reads_slowly_slows_the_server_and_loses_nothing() throws Exception {
        String much = "0123456789".repeat(200_000);
        server.answers("HTTP/1.1 200 OK\r\nContent-Length: " + much.length() + "\r\n\r\n" + much);
        StringBuilder heard = new StringBuilder();
        try (Exchange exchange = exchange(LONG)) {
            byte[] some = new byte[1000];
            for (int n = exchange.read(some, 0, 1000, wires.in(LONG)); n > 0; n = exchange.read(some, 0, 1000, wires.in(LONG))) {
                heard.append(new String(some, 0, n, StandardCharsets.US_ASCII));
            }
        }
        assertThat(heard.toString()).isEqualTo(much);
    }

    @Test
    void interruption_ends_the_wait_on_any_kind_of_thread() throws Exception {
        for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            server.answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Exchange exchange = exchange(LONG);
            Thread asker = kind.start(() -> {
                try (exchange) {
                    exchange.read(new byte[8], 0, 8, wires.in(LONG));
                } catch (IOException | InterruptedException | LateException e) {
                    thrown.complete(e);
                }
            });
            asker.interrupt();
            assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            assertThat(server.awaitGone()).isTrue();
        }
    }

    @Test
    void closing_ends_what_waits_and_nothing_is_asked_afterwards() throws Exception {
        server.answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        try (Exchange exchange = exchange(LONG)) {
            wires.close();
            assertThatThrownBy(() -> exchange.read(new byte[8], 0, 8, wires.in(LONG))).isInstanceOf(IOException.class);
        }
        assertThat(server.awaitGone()).isTrue();
        assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
        wires.close();
    }

    @Test
    void a_server_with_tls_is_asked_when_its_certificate_is_good(@TempDir Path folder) throws Exception {
        SelfSigned pair = SelfSigned.elliptic(folder);
        try (RawServer secure = new RawServer(serverSide(pair).getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress()))) {
            String address = "https://localhost:" + secure.port();
            secure.answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello")
                    .answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
            try (Wires trusting = Wires.open(settings(address), SelfSigned.trusting(pair)::getSocketFactory)) {
                assertThat(ask(trusting, address)).isEqualTo("200 Hello");
                try (Exchange exchange = Exchange.ask(trusting, address(address), Optional.empty(), trusting.in(LONG))) {
                    assertThatThrownBy(() -> exchange.read(new byte[8], 0, 8, trusting.in(SHORT)))
                            .isInstanceOf(LateException.class);
                }
            }
            try (Wires strange = Wires.open(settings(address))) {
                assertThatThrownBy(() -> ask(strange, address)).isInstanceOf(SSLException.class);
            }
        }
    }

    @Test
    void a_certificate_of_another_name_is_not_good(@TempDir Path folder) throws Exception {
        SelfSigned pair = SelfSigned.make(folder, "-keyalg", "EC", "-groupname", "secp256r1", "-ext", "san=dns:elsewhere");
        try (RawServer secure = new RawServer(serverSide(pair).getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress()))) {
            String address = "https://localhost:" + secure.port();
            try (Wires trusting = Wires.open(settings(address), SelfSigned.trusting(pair)::getSocketFactory)) {
                assertThatThrownBy(() -> ask(trusting, address)).isInstanceOf(SSLException.class);
            }
        }
    }

    private static SSLContext serverSide(SelfSigned pair) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, new char[0]);
        keys.setKeyEntry("server", pair.key(), new char[0], new java.security.cert.Certificate[] {pair.certificate()});
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private String ask() throws IOException, InterruptedException, LateException {
        return ask(wires, here());
    }

    private static String ask(Wires wires, String address) throws IOException, InterruptedException, LateException {
        byte[] question = "Question".getBytes(StandardCharsets.UTF_8);
        try (Exchange exchange = Exchange.ask(wires, address(address), Optional.of(question), wires.in(LONG))) {
            return exchange.status() + " "
                    + new String(exchange.all(1 << 20, wires.in(LONG)), StandardCharsets.UTF_8);
        }
    }

    private Exchange exchange(Duration patience) throws IOException, InterruptedException, LateException {
        return exchange(wires, patience);
    }

    private Exchange exchange(Wires with, Duration patience) throws IOException, InterruptedException, LateException {
        return Exchange.ask(with, address(here()), Optional.empty(), with.in(patience));
    }

    private String here() {
        return "http://127.0.0.1:" + server.port();
    }

    private static URI address(String server) {
        return URI.create(server + "/api/x");
    }

    private static OllamaSettings settings(String address) {
        return OllamaSettings.of(address);
    }
}
