package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.bootstrap.Parley;
import dev.parley.protocols.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two servers behind the real nginx and the real HAProxy, set up as {@code deploy} says. */
class ProxyTest {

    private static final int LARGE = 5 << 20;
    private static final String PART = "part-of-a-form";

    @TempDir
    Path folder;

    private final GatedModel model = new GatedModel();
    private final HttpClient http = HttpClient.newHttpClient();
    private Parley one;
    private Parley two;

    @BeforeEach
    void start() {
        one = server("one");
        two = server("two");
    }

    @AfterEach
    void end() {
        one.close();
        two.close();
        http.close();
    }

    @ParameterizedTest
    @EnumSource(Proxy.Kind.class)
    void the_configuration_is_taken_without_a_warning(Proxy.Kind kind) throws Exception {
        assertThat(Proxy.checked(kind, folder)).doesNotContainIgnoringCase("warn");
    }

    @ParameterizedTest
    @EnumSource(Proxy.Kind.class)
    void words_come_as_the_model_says_them_and_files_go_through(Proxy.Kind kind) throws Exception {
        // The same server twice: the stores of two are not one here.
        try (Proxy proxy = Proxy.start(kind, folder, List.of(one.port(), one.port()))) {
            URI server = URI.create("http://127.0.0.1:" + proxy.port());
            for (Link.Transport transport : Link.Transport.values()) {
                firstWordBeforeTheSecondIsSaid(server, transport);
            }
            assertThat(upload(server).statusCode()).isEqualTo(201);
            assertThat(get(server, "/metrics").statusCode()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @EnumSource(Proxy.Kind.class)
    void when_a_server_ends_its_clients_come_in_at_the_other(Proxy.Kind kind) throws Exception {
        try (Proxy proxy = Proxy.start(kind, folder, List.of(one.port(), two.port()))) {
            URI server = URI.create("http://127.0.0.1:" + proxy.port());
            one.close();
            // A proxy that did not notice yet may refuse once; whoever comes again gets in.
            await().atMost(Frames.PATIENCE).ignoreExceptions().untilAsserted(() -> connects(server));
            connects(server);
            assertThat(get(server, "/api/chat/sessions").statusCode()).isEqualTo(200);
        }
    }

    private void firstWordBeforeTheSecondIsSaid(URI server, Link.Transport transport) throws Exception {
        String session = "proxied-" + transport.name();
        Link link = Link.open(http, server, Misbehaviour.token("ann"), transport, session, "visibility=private");
        found(link, "connected");
        HttpResponse<String> sent = http.send(
                authorized(server, "/api/chat/sessions/" + session + "/frames")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"message\",\"content\":\"Say two words\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(sent.statusCode()).as(sent.body()).isBetween(200, 299);
        assertThat(found(link, "stream_chunk").text("content")).contains("first ");
        model.letOn();
        found(link, "stream_end");
        link.cut();
    }

    private static JsonObject found(Link link, String type) throws InterruptedException {
        while (true) {
            JsonObject frame = link.next(Frames.PATIENCE)
                    .orElseThrow(() -> new AssertionError("Expected " + type + ", found nothing"));
            if (Frames.type(frame).equals(type)) {
                return frame;
            }
        }
    }

    private void connects(URI server) throws Exception {
        Link link = Link.open(http, server, Misbehaviour.token("ann"), Link.Transport.SOCKET, "any", "");
        found(link, "connected");
        link.cut();
    }

    private HttpResponse<String> upload(URI server) throws Exception {
        String form = "--" + PART + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"notes.txt\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n" + "a line of text\n".repeat(LARGE / 15) + "\r\n--" + PART
                + "--\r\n";
        return http.send(
                authorized(server, "/api/chat/uploads")
                        .header("Content-Type", "multipart/form-data; boundary=" + PART)
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(URI server, String path) throws Exception {
        return http.send(authorized(server, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder authorized(URI server, String path) {
        return HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + Misbehaviour.token("ann"));
    }

    private Parley server(String name) {
        return Parley.builder()
                .dataFolder(folder.resolve(name))
                .set("PORT", "0")
                .set("JWT_SECRET", Misbehaviour.SECRET)
                .set("JWT_AUDIENCE", Misbehaviour.AUDIENCE)
                .set("TRUSTED_PROXIES", "127.0.0.1/32")
                .set("SHUTDOWN_GRACE", "0s")
                .set("RECONNECT_SPREAD", "0s")
                .models(model, model)
                .build();
    }
}
