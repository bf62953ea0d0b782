package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.adapter.jwt.JwtChecks;
import dev.parley.adapter.jwt.JwtIssuer;
import dev.parley.bootstrap.Parley;
import dev.parley.bootstrap.ParleyBuilder;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.wire.RawClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A whole server with somebody who chats on it while others misbehave; nothing of those may be left when a test is over. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Misbehaviour {

    static final String SECRET = "a-secret-of-the-tests-that-is-long-enough";
    static final String AUDIENCE = "parley-tests";
    static final int MAX_FRAME = 100_000;
    /** What only the inside of a server says. */
    private static final Pattern INSIDE = Pattern.compile(
            "(Exception|Throwable|\\bat [a-z]+(\\.[a-z]+)+|\\.java\\b|java\\.|dev\\.parley|sqlite|SQL|jdbc|grizzly|tyrus|jersey|nimbus|jackson)",
            Pattern.CASE_INSENSITIVE);

    final HttpClient http = HttpClient.newHttpClient();
    Path folder;
    Parley parley;
    Bystander bystander;
    String ann;

    @BeforeAll
    void start(@TempDir Path place) throws Exception {
        folder = place;
        parley = server().build();
        ann = token("ann");
        bystander = new Bystander(parley.url(), token("bystander"));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        bystander.goesOn();
        await().atMost(Frames.PATIENCE)
                .untilAsserted(() -> assertThat(parley.health().parts())
                        .filteredOn(part -> part.name().equals("websocket"))
                        .allMatch(part -> part.says().equals("1 connections")));
    }

    @AfterAll
    void end() {
        bystander.close();
        parley.close();
        http.close();
    }

    ParleyBuilder server() {
        PacedModel model = new PacedModel(Duration.ofMillis(1));
        return Parley.builder()
                .dataFolder(folder.resolve("data"))
                .set("PORT", "0")
                .set("JWT_SECRET", SECRET)
                .set("JWT_AUDIENCE", AUDIENCE)
                .set("MAX_FRAME_SIZE", String.valueOf(MAX_FRAME))
                .set("RATE_LIMIT_MESSAGES_PER_MINUTE", "off")
                .set("WS_RATE_LIMIT_REQUESTS", "off")
                .set("REST_RATE_LIMIT", "off")
                .models(model, model);
    }

    static String token(String user) {
        return token(user, SECRET, Optional.of(AUDIENCE), InstantSource.system());
    }

    static String token(String user, String secret, Optional<String> audience, InstantSource clock) {
        return JwtIssuer.ofSecret(
                secret, new JwtChecks(Optional.empty(), audience, Duration.ZERO), clock, () -> user + "-" + System.nanoTime())
                .issue(
                        new Principal(
                                new UserId(user), user, Set.of("user"), false, Optional.empty(), Instant.EPOCH, Optional.empty()),
                        Duration.ofHours(1));
    }

    RawClient opened(String session, String token) throws Exception {
        return RawClient.open(parley.port(), "/ws/" + session + "?token=" + token);
    }

    HttpResponse<String> get(String path, String token) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(parley.url() + path))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    static JsonObject frameOf(RawClient client, String type) throws Exception {
        while (true) {
            RawClient.Received received = client.next();
            if (received.opcode() == 8) {
                throw new AssertionError("Expected a frame " + type + ", found the end: " + received.closing());
            }
            tellsNothing(received.text());
            JsonObject frame = Frames.parsed(received.text());
            if (Frames.type(frame).equals(type)) {
                return frame;
            }
        }
    }

    static String closing(RawClient client) throws Exception {
        RawClient.Received received = client.next();
        while (received.opcode() != 8) {
            tellsNothing(received.text());
            received = client.next();
        }
        tellsNothing(received.closing());
        return received.closing();
    }

    static void alive(RawClient client) throws Exception {
        client.send(RawClient.text("{\"type\":\"ping\",\"id\":\"still\"}"));
        assertThat(frameOf(client, "pong").text("id")).contains("still");
    }

    static void tellsNothing(String answer) {
        assertThat(INSIDE.matcher(answer).find()).as("%s", answer).isFalse();
    }
}
