package dev.parley.adapter.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.application.event.Event;
import dev.parley.domain.live.Hint;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.testkit.wire.RawClient;
import dev.parley.testkit.wire.SelfSigned;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything over TLS, and certificates that change. */
@Timeout(120)
class TlsTest {

    @TempDir
    Path folder;

    private static SelfSigned pair;

    private Path certificate;
    private Path key;
    private SSLContext trust;
    private HostFixture fixture;

    @BeforeAll
    static void make(@TempDir Path place) throws Exception {
        pair = SelfSigned.elliptic(place);
    }

    @BeforeEach
    void start() throws Exception {
        certificate = folder.resolve("cert.pem");
        key = folder.resolve("key.pem");
        pair.write(certificate, key);
        trust = SelfSigned.trusting(pair);
        fixture = fixture(Duration.ofSeconds(30));
    }

    private HostFixture fixture(Duration stall) {
        HostSettings settings = new HostSettings(
                "127.0.0.1", 0, 1, 1 << 20, 64 << 10, true, Duration.ofSeconds(60), Duration.ofSeconds(5), stall,
                Duration.ofSeconds(1));
        return new HostFixture(
                Authenticator.Mode.REQUIRED,
                settings,
                ConnectionSettings.STANDARD.withOutbound(64 << 20),
                new ConnectionSlots(100, 100),
                host -> host.tls(certificate, key).http("/", exchange -> {
                    byte[] body = exchange.body().readAllBytes();
                    exchange.respond(200, Map.of("X-Scheme", List.of(exchange.peer().scheme())), body.length).write(body);
                }));
    }

    @AfterEach
    void end() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void requests_and_answers_come_through_whole(String version) throws Exception {
        try (HttpClient client = client(version)) {
            String body = "body ".repeat(200_000);
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(uri("https", "/echo"))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
                assertThat(answer.headers().firstValue("X-Scheme")).contains("https");
                assertThat(answer.body()).isEqualTo(body);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void sockets_speak_over_it_in_both_directions_at_once(String version) throws Exception {
        try (HttpClient client = client(version)) {
            Heard heard = new Heard();
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(uri("wss", "/ws/s1?token=ann"), heard)
                    .get(20, TimeUnit.SECONDS);
            assertThat(heard.next()).startsWith("hello ann");
            String large = "word ".repeat(30_000);
            CompletableFuture<Void> telling = CompletableFuture.runAsync(() -> IntStream.range(0, 200)
                    .forEach(i -> fixture.engine.tell(new Event.Announced("told " + i, Hint.Level.INFO))));
            for (int i = 0; i < 20; i++) {
                socket.sendText("said " + i + " " + large, true).get(20, TimeUnit.SECONDS);
            }
            telling.get(20, TimeUnit.SECONDS);
            int told = 0;
            int said = 0;
            while (told < 200 || said < 20) {
                String text = heard.next();
                if (text.startsWith("told ")) {
                    assertThat(text).isEqualTo("told " + told++);
                } else {
                    assertThat(text).isEqualTo("said " + said++ + " " + large);
                }
            }
            socket.sendClose(1000, "").get(20, TimeUnit.SECONDS);
            HostFixture.eventually(() -> fixture.host.slots().taken() == 0);
        }
    }

    @Test
    void who_is_refused_is_told_so_over_it() throws Exception {
        try (SSLSocket socket = connect()) {
            say(socket, RawClient.request("/ws/s1?token=bad"));
            assertThat(new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void other_languages_and_silence_are_cut_off_and_disturb_nobody() throws Exception {
        try (HostFixture impatient = fixture(Duration.ofMillis(200));
                RawClient plain = new RawClient(fixture.port());
                RawClient silent = new RawClient(impatient.port())) {
            plain.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(plain.ended()).isTrue();
            assertThat(silent.ended()).isTrue();
        }
        try (SSLSocket socket = connect()) {
            assertThat(get(socket)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void no_language_is_agreed_on_but_this_one() throws Exception {
        try (SSLSocket both = socket(offering("h2", "http/1.1"))) {
            both.startHandshake();
            assertThat(both.getApplicationProtocol()).isEqualTo("http/1.1");
        }
        try (SSLSocket other = socket(offering("h2"))) {
            assertThatThrownBy(other::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
        SSLParameters weak = new SSLParameters();
        weak.setProtocols(new String[] {"TLSv1.2"});
        weak.setCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
        try (SSLSocket old = socket(weak)) {
            assertThatThrownBy(old::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void keys_may_be_changed_on_the_way() throws Exception {
        try (SSLSocket socket = connect()) {
            assertThat(get(socket)).startsWith("HTTP/1.1 200 ");
            // With TLS 1.3 this asks for new keys.
            socket.startHandshake();
            assertThat(get(socket)).startsWith("HTTP/1.1 200 ");
            socket.startHandshake();
            assertThat(get(socket)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void a_second_handshake_ends_the_connection_and_holds_up_nobody() throws Exception {
        SSLParameters older = new SSLParameters();
        older.setProtocols(new String[] {"TLSv1.2"});
        try (SSLSocket socket = socket(older)) {
            socket.startHandshake();
            assertThat(get(socket)).startsWith("HTTP/1.1 200 ");
            assertThatThrownBy(() -> {
                socket.startHandshake();
                get(socket);
            }).isInstanceOf(IOException.class);
            try (SSLSocket other = connect()) {
                assertThat(get(other)).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void a_new_certificate_is_shown_to_new_connections_and_old_ones_stay() throws Exception {
        try (SSLSocket before = connect()) {
            assertThat(get(before)).startsWith("HTTP/1.1 200 ");
            SelfSigned next = SelfSigned.make(folder, "-keyalg", "RSA", "-keysize", "2048");
            trust = SelfSigned.trusting(pair, next);
            Files.writeString(certificate, next.certificatePem());
            Files.writeString(key, next.keyPem());
            HostFixture.eventually(() -> next.certificate().equals(shown()));
            assertThat(get(before)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void a_broken_pair_changes_nothing_and_is_mended_by_the_next() throws Exception {
        TlsPair watched = TlsPair.of(certificate, key);
        SelfSigned next = SelfSigned.elliptic(folder);
        Instant now = Instant.now();
        for (String[] broken : new String[][] {
            {next.certificatePem(), pair.keyPem()},
            {"", next.keyPem()},
            {next.certificatePem(), ""},
            {next.certificatePem().replace("MII", "AAA"), next.keyPem()},
            {next.certificatePem(), SelfSigned.pem("ENCRYPTED PRIVATE KEY", next.key().getEncoded())},
            {next.certificatePem() + pair.certificatePem() + next.certificatePem().replace("MII", "III"), next.keyPem()},
        }) {
            Files.writeString(certificate, broken[0]);
            Files.writeString(key, broken[1]);
            watched.look(now);
            assertThat(watched.end()).isEqualTo(pair.certificate().getNotAfter().toInstant());
        }
        Files.delete(key);
        watched.look(now);
        SelfSigned ended = SelfSigned.make(folder, "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "1");
        ended.write(certificate, key);
        watched.look(ended.certificate().getNotAfter().toInstant().plusSeconds(1));
        assertThat(watched.end()).isEqualTo(pair.certificate().getNotAfter().toInstant());
        SelfSigned longer = SelfSigned.make(folder, "-keyalg", "EC", "-groupname", "secp384r1", "-validity", "500");
        longer.write(certificate, key);
        watched.look(now);
        assertThat(watched.end()).isEqualTo(longer.certificate().getNotAfter().toInstant());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-keyalg RSA -keysize 2048", "-keyalg EC -groupname secp256r1", "-keyalg EC -groupname secp521r1",
        "-keyalg Ed25519"})
    void keys_are_taken_in_the_forms_that_are_usual(String kind) throws Exception {
        SelfSigned made = SelfSigned.make(folder, kind.split(" "));
        made.write(certificate, key);
        assertThat(TlsPair.of(certificate, key).end()).isEqualTo(made.certificate().getNotAfter().toInstant());
        if (!made.key().getAlgorithm().startsWith("Ed")) {
            Files.writeString(key, "some words before\n" + made.olderKeyPem());
            assertThat(TlsPair.of(certificate, key).end()).isEqualTo(made.certificate().getNotAfter().toInstant());
        }
    }

    @Test
    void a_pair_that_cannot_be_used_is_refused_at_once_with_its_reason() throws Exception {
        SelfSigned other = SelfSigned.elliptic(folder);
        Files.writeString(key, other.keyPem());
        assertThatThrownBy(() -> TlsPair.of(certificate, key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Expected the certificate's key, found another's");
        Files.writeString(key, "nothing");
        assertThatThrownBy(() -> TlsPair.of(certificate, key)).hasMessage("Expected a private key in PEM, found none");
        assertThatThrownBy(() -> TlsPair.of(certificate, folder.resolve("missing.pem")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("missing.pem");
    }

    private X509Certificate shown() {
        try (SSLSocket socket = connect()) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private SSLSocket connect() throws IOException {
        SSLSocket socket = socket(new SSLParameters());
        socket.startHandshake();
        return socket;
    }

    private SSLSocket socket(SSLParameters parameters) throws IOException {
        SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), fixture.port());
        socket.setSoTimeout(20_000);
        SSLParameters all = socket.getSSLParameters();
        if (parameters.getProtocols() != null) {
            all.setProtocols(parameters.getProtocols());
        }
        if (parameters.getCipherSuites() != null) {
            all.setCipherSuites(parameters.getCipherSuites());
        }
        all.setApplicationProtocols(parameters.getApplicationProtocols());
        socket.setSSLParameters(all);
        return socket;
    }

    private static SSLParameters offering(String... protocols) {
        SSLParameters parameters = new SSLParameters();
        parameters.setApplicationProtocols(protocols);
        return parameters;
    }

    private static void say(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    /** The head of an answer without a body. */
    private static String get(SSLSocket socket) throws IOException {
        say(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new SSLException("Expected an answer, found the end");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private HttpClient client(String version) {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(new String[] {version});
        return HttpClient.newBuilder()
                .sslContext(trust)
                .sslParameters(parameters)
                .connectTimeout(Duration.ofSeconds(20))
                .build();
    }

    private URI uri(String scheme, String path) {
        return URI.create(scheme + "://localhost:" + fixture.port() + path);
    }

    /** Keeps whole messages. */
    private static final class Heard implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                messages.add(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        String next() throws InterruptedException {
            String message = messages.poll(20, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("Expected another message");
            }
            return message;
        }
    }
}
