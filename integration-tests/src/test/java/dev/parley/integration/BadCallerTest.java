package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.wire.RawClient;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has no business here is turned away while it is HTTP, or told so, and learns nothing. */
class BadCallerTest extends Misbehaviour {

    static Stream<Arguments> badTokens() {
        InstantSource before = InstantSource.fixed(Instant.now().minusSeconds(7200));
        String good = token("ann");
        String[] parts = good.split("\\.", -1);
        return Stream.of(
                Arguments.of("expired", token("ann", SECRET, Optional.of(AUDIENCE), before)),
                Arguments.of("not signed (alg none)", encoded("{\"alg\":\"none\"}") + "." + parts[1] + "."),
                Arguments.of("alg none with a signature", encoded("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2]),
                Arguments.of("for another audience", token("ann", SECRET, Optional.of("elsewhere"), InstantSource.system())),
                Arguments.of("for no audience", token("ann", SECRET, Optional.empty(), InstantSource.system())),
                Arguments.of(
                        "signed by somebody else",
                        token("ann", SECRET + "-not", Optional.of(AUDIENCE), InstantSource.system())),
                Arguments.of("with other claims than were signed",
                        parts[0] + "." + encoded("{\"sub\":\"root\"}") + "." + parts[2]),
                Arguments.of("cut off", good.substring(0, good.length() - 5)),
                Arguments.of("no token at all", "nonsense"),
                Arguments.of("very long", "x".repeat(5000)),
                Arguments.of("empty", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void a_token_that_is_not_good_gets_401_before_the_upgrade_wherever_it_stands(String what, String token) throws Exception {
        String inQuery = "/ws/one?token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        refusedWith(401, inQuery);
        refusedWith(401, "/ws/one", "Authorization: Bearer " + token);
        refusedWith(401, "/ws/one", "Sec-WebSocket-Protocol: parley, bearer." + token);
        HttpResponse<String> rest = get("/api/chat/sessions", token);
        assertThat(rest.statusCode()).isEqualTo(401);
        assertThat(Frames.parsed(rest.body()).text("code")).isPresent();
        tellsNothing(rest.body());
    }

    @Test
    void no_token_gets_401_before_the_upgrade() throws Exception {
        refusedWith(401, "/ws/one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost@evil.example",
        "not an origin"})
    void a_foreign_origin_gets_403_before_the_upgrade(String origin) throws Exception {
        refusedWith(403, "/ws/one?token=" + ann, "Origin: " + origin);
    }

    @Test
    void somebody_elses_private_session_is_forbidden() throws Exception {
        try (RawClient owner = opened("private-one", ann)) {
            owner.send(RawClient.text("{\"type\":\"message\",\"content\":\"My secret\",\"id\":\"1\",\"reply\":false}"));
            frameOf(owner, "ack");
            String ben = token("ben");
            try (RawClient other = new RawClient(parley.port())) {
                assertThat(other.handshake("/ws/private-one?token=" + ben)).startsWith("HTTP/1.1 101 ");
                assertThat(frameOf(other, "error").text("code")).contains("FORBIDDEN");
                assertThat(closing(other)).startsWith("4501 ");
            }
            for (String path : List.of("", "/messages", "/search?q=secret", "/events", "/poll")) {
                HttpResponse<String> rest = get("/api/chat/sessions/private-one" + path, ben);
                assertThat(rest.body()).as(path).doesNotContain("My secret").contains("FORBIDDEN");
                tellsNothing(rest.body());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "%00", "a%00b", "..%2f..%2fetc%2fpasswd", "%3Cscript%3E", "a%20b", "%F0%9F%98%80", "%ff%fe", "'%20OR%201=1--",
        "a%0d%0aX-Evil:1", "%"
    })
    void a_session_id_that_cannot_be_one_is_refused_and_none_is_made(String id) throws Exception {
        String cat = token("cat");
        refusedSomehow("/ws/" + id + "?token=" + cat);
        assertThat(get("/api/chat/sessions", cat).body()).contains("\"total\":0");
    }

    @Test
    void a_session_id_that_is_too_long_is_refused() throws Exception {
        refusedSomehow("/ws/" + "x".repeat(129) + "?token=" + ann);
        refusedSomehow("/ws/" + "x".repeat(4000) + "?token=" + ann);
    }

    @ParameterizedTest
    @ValueSource(strings = {"since=nonsense", "since=-1", "since=99999999999999999999", "since=4&streams=x:y:z", "streams=:",
        "visibility=everybody"})
    void a_place_or_wish_that_means_nothing_is_said_or_passed_over(String query) throws Exception {
        try (RawClient client = new RawClient(parley.port())) {
            assertThat(client.handshake("/ws/two?token=" + ann + "&" + query)).startsWith("HTTP/1.1 101 ");
            RawClient.Received first = client.next();
            tellsNothing(first.text());
            JsonObject frame = Frames.parsed(first.text());
            if (Frames.type(frame).equals("connected")) {
                alive(client);
            } else {
                assertThat(frame.text("code")).contains("BAD_REQUEST");
            }
        }
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Turned away while it is HTTP: with a status and nothing else, and the connection is closed. */
    private void refusedWith(int status, String target, String... headers) throws Exception {
        try (RawClient client = new RawClient(parley.port())) {
            String head = client.handshake(target, headers);
            assertThat(head).startsWith("HTTP/1.1 " + status + " ").containsIgnoringCase("\r\nContent-Length: 0\r\n");
            assertThat(head).containsIgnoringCase("\r\nConnection: close\r\n");
            tellsNothing(head);
            assertThat(client.readAll()).as("what follows the head").isEmpty();
        }
    }

    /** Turned away as HTTP, or by an error on a connection that is closed then. */
    private void refusedSomehow(String target) throws Exception {
        try (RawClient client = new RawClient(parley.port())) {
            String head = client.handshake(target);
            tellsNothing(head);
            if (head.startsWith("HTTP/1.1 101 ")) {
                JsonObject error = frameOf(client, "error");
                assertThat(error.text("code")).contains("BAD_REQUEST");
                assertThat(closing(client)).matches("(1008|45\\d\\d) .*");
            } else {
                assertThat(head).matches("(?s)HTTP/1\\.1 (400|404) .*");
            }
        }
    }
}
