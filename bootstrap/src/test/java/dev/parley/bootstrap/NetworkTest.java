package dev.parley.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.testkit.llm.ScriptedModel;
import dev.parley.testkit.wire.RawClient;
import dev.parley.testkit.wire.SelfSigned;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the settings of the network come to. */
class NetworkTest {

    @TempDir
    Path folder;

    @Test
    void a_server_with_a_certificate_speaks_tls_and_says_so() throws Exception {
        SelfSigned pair = SelfSigned.elliptic(folder);
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        pair.write(certificate, key);
        try (Parley parley = server()
                .set("TLS_CERT", certificate.toString())
                .set("TLS_KEY", key.toString())
                .build();
                HttpClient client = HttpClient.newBuilder().sslContext(SelfSigned.trusting(pair)).build()) {
            assertThat(parley.url().getScheme()).isEqualTo("https");
            assertThat(parley.openingUrl().orElseThrow().toString()).startsWith("https://127.0.0.1:");
            URI health = URI.create("https://localhost:" + parley.port() + "/health");
            assertThat(client.send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
        Files.writeString(key, "no key");
        assertThatThrownBy(() -> server()
                .set("TLS_CERT", certificate.toString())
                .set("TLS_KEY", key.toString())
                .build())
                .isInstanceOfSatisfying(StartException.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(StartException.Reason.CERTIFICATE);
                    assertThat(refused).hasMessageContaining("Expected a private key in PEM").hasMessageContaining("key.pem");
                });
    }

    @Test
    void a_server_of_this_computer_alone_answers_to_no_other_name_unless_told() throws Exception {
        try (Parley parley = server().build()) {
            assertThat(get(parley, "/health", "Host: localhost")).startsWith("HTTP/1.1 200 ");
            assertThat(get(parley, "/health", "Host: chat.example")).startsWith("HTTP/1.1 403 ");
        }
        try (Parley parley = server().set("CORS_ORIGIN", "https://chat.example").build()) {
            assertThat(get(parley, "/health", "Host: chat.example")).startsWith("HTTP/1.1 200 ");
        }
        try (Parley parley = server().set("HOST", "0.0.0.0").build()) {
            assertThat(get(parley, "/health", "Host: chat.example")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void strangers_behind_a_trusted_proxy_are_counted_by_their_own_addresses() throws Exception {
        try (Parley parley = strangers().set("TRUSTED_PROXIES", "127.0.0.1").build()) {
            for (int i = 1; i < 5; i++) {
                assertThat(quota(parley, "203.0.113." + i)).startsWith("HTTP/1.1 200 ");
            }
            assertThat(quota(parley, "203.0.113.1")).startsWith("HTTP/1.1 200 ");
            assertThat(quota(parley, "203.0.113.1")).startsWith("HTTP/1.1 429 ");
        }
        try (Parley parley = strangers().build()) {
            assertThat(quota(parley, "203.0.113.1")).startsWith("HTTP/1.1 200 ");
            assertThat(quota(parley, "203.0.113.2")).startsWith("HTTP/1.1 200 ");
            assertThat(quota(parley, "203.0.113.3")).startsWith("HTTP/1.1 429 ");
        }
    }

    private String quota(Parley parley, String from) throws IOException {
        return get(parley, "/api/chat/quota", "Host: localhost", "X-Forwarded-For: " + from);
    }

    private static String get(Parley parley, String path, String... headers) throws IOException {
        try (RawClient client = new RawClient(parley.port())) {
            client.send("GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n");
            return client.readAll();
        }
    }

    private ParleyBuilder strangers() {
        return server().set("AUTH_MODE", "optional").set("REST_RATE_LIMIT", "2");
    }

    private ParleyBuilder server() {
        ScriptedModel model = ScriptedModel.named("m");
        return Parley.builder().dataFolder(folder.resolve("data")).set("PORT", "0").models(model, model);
    }
}
