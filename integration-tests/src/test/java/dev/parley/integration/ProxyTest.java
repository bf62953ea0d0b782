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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two servers behind the real nginx and the real HAProxy, set up as {@code deploy} says. */
class ProxyTest {

    private static final int LARGE = 5 << 20;
    /** So many that all of them at one server are no accident. */
    private static final int POLLING = 16;
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

    /** Whoever asks another server than it began with is told that nobody knows it. */
    @ParameterizedTest
    @EnumSource(Proxy.Kind.class)
    void polls_of_one_client_reach_one_server_and_both_servers_have_clients(Proxy.Kind kind) throws Exception {
        List<String> atOne = new ArrayList<>();
        try (Proxy proxy = Proxy.start(kind, folder, List.of(one.port(), two.port()))) {
            URI server = URI.create("http://127.0.0.1:" + proxy.port());
            for (int client = 0; client < POLLING; client++) {
                String session = "polled-" + client;
                String person = "person" + client;
                try (Poller poller = Poller.open(server, "127.0.0." + (2 + client), Misbehaviour.token(person))) {
                    poller.ask("session:join", "{\"sessionId\":\"" + session + "\"}");
                    for (int message = 0; message < 5; message++) {
                        poller.ask("message:send", "{\"sessionId\":\"" + session + "\",\"content\":\"Number " + message + "\"}");
                    }
                }
                boolean first = knows(one, session, person);
                assertThat(knows(two, session, person)).as("whether the second server knows %s", session).isEqualTo(!first);
                if (first) {
                    atOne.add(session);
                }
            }
        }
        assertThat(atOne).as("who came to the first server").hasSizeBetween(1, POLLING - 1);
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
        return authorized(server, path, "ann");
    }

    private static HttpRequest.Builder authorized(URI server, String path, String person) {
        return HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + Misbehaviour.token(person));
    }

    private boolean knows(Parley server, String session, String person) throws Exception {
        URI itself = URI.create("http://127.0.0.1:" + server.port());
        return http.send(
                authorized(itself, "/api/chat/sessions/" + session, person).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode() == 200;
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
