package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.Parley;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.wire.RawClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What broken clients send to the whole server, over real sockets: each gets a plain answer that tells nothing of the inside,
 * nothing of theirs is left behind, and somebody else who chats meanwhile notices nothing.
 */
class BadInputTest extends Misbehaviour {

    // Frames that are answered, on a connection that stays

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "not json at all | BAD_REQUEST",
        "{\"type\":\"message\",\"content\":\"cut | BAD_REQUEST",
        "[] | BAD_REQUEST",
        "\"text\" | BAD_REQUEST",
        "null | BAD_REQUEST",
        "42 | BAD_REQUEST",
        "{} | BAD_REQUEST",
        "{\"type\":5} | BAD_REQUEST",
        "{\"type\":null} | BAD_REQUEST",
        "{\"type\":\"\"} | UNKNOWN_TYPE",
        "{\"type\":\"launch\"} | UNKNOWN_TYPE",
        "{\"type\":\"message\"} | BAD_REQUEST",
        "{\"type\":\"message\",\"content\":\"\"} | BAD_REQUEST",
        "{\"type\":\"message\",\"content\":\"  \"} | BAD_REQUEST",
        "{\"type\":\"message\",\"content\":5} | BAD_REQUEST",
        "{\"type\":\"message\",\"content\":{\"a\":1}} | BAD_REQUEST",
        "{\"type\":\"message\",\"content\":\"x\",\"metadata\":\"y\"} | BAD_REQUEST",
        "{\"type\":\"message\",\"content\":\"x\",\"parent_id\":{}} | BAD_REQUEST",
        "{\"type\":\"message\",\"content\":\"x\",\"parent_id\":\"nobody\"} | NOT_FOUND",
        "{\"type\":\"message\",\"content\":\"x\",\"id\":7} | BAD_REQUEST",
        "{\"type\":\"message\",\"content\":\"x\",\"stream\":\"maybe\"} | BAD_REQUEST",
        "{\"type\":\"message\",\"content\":\"x\",\"overlap\":\"sideways\"} | BAD_REQUEST",
        "{\"type\":\"message\",\"content\":\"x\",\"agent\":\"nobody\"} | NOT_FOUND",
        "{\"type\":\"message\",\"content\":\"x\",\"options\":{\"temperature\":\"hot\"}} | BAD_REQUEST",
        "{\"type\":\"edit\",\"message_id\":\"nobody\",\"content\":\"x\"} | NOT_FOUND",
        "{\"type\":\"edit\",\"message_id\":\"../../x\",\"content\":\"x\"} | BAD_REQUEST",
        "{\"type\":\"delete\"} | BAD_REQUEST",
        "{\"type\":\"react\",\"message_id\":\"nobody\",\"emoji\":\"x\"} | NOT_FOUND",
        "{\"type\":\"feedback\",\"message_id\":\"nobody\",\"rating\":99} | BAD_REQUEST",
        "{\"type\":\"regenerate\",\"message_id\":\"nobody\"} | NOT_FOUND",
        "{\"type\":\"stop\",\"message_id\":\"nobody\"} | NOT_FOUND",
        "{\"type\":\"history\",\"limit\":-1} | BAD_REQUEST",
        "{\"type\":\"history\",\"limit\":1e99} | BAD_REQUEST",
        "{\"type\":\"resume\"} | BAD_REQUEST",
        "{\"type\":\"refresh\",\"token\":\"nonsense\"} | UNAUTHORIZED"
    })
    void a_frame_that_makes_no_sense_is_answered_and_the_connection_stays(String frame, String code) throws Exception {
        try (RawClient client = opened("frames", ann)) {
            client.send(RawClient.text(frame));
            JsonObject error = frameOf(client, "error");
            assertThat(error.text("code")).as("%s", error).contains(code);
            assertThat(error.text("message")).isPresent();
            alive(client);
            assertThat(get("/api/chat/sessions/frames/messages", ann).body()).contains("\"total\":0");
        }
    }

    @Test
    void a_message_that_is_too_long_is_an_error_and_no_end() throws Exception {
        try (RawClient client = opened("long", ann)) {
            client.send(RawClient.text("{\"type\":\"message\",\"content\":\"" + "x".repeat(5001) + "\",\"id\":\"1\"}"));
            assertThat(frameOf(client, "error").text("code")).contains("MESSAGE_TOO_LONG");
            client.send(RawClient.text(
                    "{\"type\":\"message\",\"content\":\"x\",\"metadata\":{\"a\":\"" + "y".repeat(9000) + "\"},\"id\":\"2\"}"));
            assertThat(frameOf(client, "error").text("code")).contains("BAD_REQUEST");
            client.send(RawClient.text("{\"type\":\"message\",\"content\":\"x\",\"id\":\"" + "i".repeat(1000) + "\"}"));
            assertThat(frameOf(client, "error").text("code")).contains("BAD_REQUEST");
            alive(client);
        }
    }

    @Test
    void control_characters_are_taken_out_and_markup_is_kept_as_it_is() throws Exception {
        try (RawClient client = opened("markup", ann)) {
            client.send(RawClient.text("{\"type\":\"message\",\"reply\":false,\"id\":\"1\","
                    + "\"content\":\"a\\u0000b\\u001b[31m <script>alert(1)</script> '; DROP TABLE message; --\"}"));
            frameOf(client, "ack");
            client.send(RawClient.text("{\"type\":\"history\"}"));
            JsonObject kept = (JsonObject) frameOf(client, "history").items("messages").orElseThrow().getFirst();
            assertThat(kept.text("content")).contains("ab[31m <script>alert(1)</script> '; DROP TABLE message; --");
        }
    }

    @Test
    void the_same_id_with_other_content_is_a_conflict_and_changes_nothing() throws Exception {
        try (RawClient client = opened("twice", ann)) {
            client.send(RawClient.text("{\"type\":\"message\",\"content\":\"first\",\"id\":\"1\",\"reply\":false}"));
            frameOf(client, "ack");
            client.send(RawClient.text("{\"type\":\"message\",\"content\":\"second\",\"id\":\"1\",\"reply\":false}"));
            assertThat(frameOf(client, "error").text("code")).contains("CONFLICT");
            assertThat(get("/api/chat/sessions/twice/messages", ann).body()).contains("first").doesNotContain("second");
        }
    }

    // Frames that end the connection

    static Stream<Arguments> endings() {
        byte[] tooLong = RawClient.text("x".repeat(MAX_FRAME + 1));
        return Stream.of(
                Arguments.of("nested too deep", RawClient.text("{\"type\":" + "[".repeat(5000) + "]".repeat(5000) + "}"), 1007),
                Arguments.of("nested too deep and cut", RawClient.text("{\"a\":".repeat(5000)), 1007),
                Arguments.of("no UTF-8", RawClient.frame(0x81, new byte[] {'{', (byte) 0xc3, (byte) 0x28, '}'}), 1007),
                Arguments.of("half a UTF-8 character", RawClient.frame(0x81, new byte[] {(byte) 0xf0, (byte) 0x9f}), 1007),
                Arguments.of("too large", Arrays.copyOf(tooLong, 100), 1009),
                Arguments.of("as large as can be said", hugeHeader(), 1009),
                Arguments.of("a flag that nobody agreed on", RawClient.frame(0xb1, new byte[] {1}), 1008),
                Arguments.of("a kind that there is not", RawClient.frame(0x83, new byte[] {1}), 1002),
                Arguments.of("without a mask", new byte[] {(byte) 0x81, 2, '{', '}'}, 1008),
                Arguments.of("a ping that is too large", RawClient.frame(0x89, new byte[200]), 1008));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void a_frame_that_breaks_the_protocol_ends_its_connection_with_the_right_code(String what, byte[] bytes, int code)
            throws Exception {
        try (RawClient client = opened("ending", ann)) {
            client.send(bytes);
            assertThat(closing(client)).startsWith(code + " ");
            assertThat(client.ended()).isTrue();
        }
        try (RawClient again = opened("ending", ann)) {
            alive(again);
        }
    }

    @Test
    void a_client_that_is_gone_in_the_middle_of_a_frame_leaves_nothing() throws Exception {
        for (int i = 0; i < 20; i++) {
            RawClient client = opened("gone", ann);
            client.send(Arrays.copyOf(RawClient.text("{\"type\":\"message\",\"content\":\"half\"}"), 12));
            client.reset();
        }
        assertThat(get("/api/chat/sessions/gone/messages", ann).body()).contains("\"total\":0");
    }

    // Models

    @Test
    void a_model_that_is_not_there_is_stood_in_for_and_the_reply_says_so() throws Exception {
        try (RawClient client = opened("model", ann)) {
            client.send(RawClient.text("{\"type\":\"message\",\"content\":\"Hi\",\"model\":\"gpt-4\",\"id\":\"1\"}"));
            JsonObject end = frameOf(client, "stream_end");
            assertThat(end.text("status")).contains("completed");
            JsonObject metadata = end.object("metadata").orElseThrow();
            assertThat(metadata.text("model")).contains("paced");
            assertThat(metadata.truth("model_fallback")).contains(true);
        }
    }

    @Test
    void a_model_that_is_not_there_is_refused_where_the_settings_say_so() throws Exception {
        try (Parley strict = server()
                .dataFolder(folder.resolve("strict"))
                .set("MODEL_FALLBACK", "reject")
                .build();
                RawClient client = RawClient.open(strict.port(), "/ws/model?token=" + ann)) {
            client.send(RawClient.text("{\"type\":\"message\",\"content\":\"Hi\",\"model\":\"gpt-4\",\"id\":\"1\"}"));
            assertThat(frameOf(client, "error").text("code")).contains("MODEL_NOT_FOUND");
            assertThat(frameOf(client, "stream_end").text("status")).contains("failed");
            client.send(RawClient.text("{\"type\":\"message\",\"content\":\"Hi\",\"model\":\"paced\",\"id\":\"2\"}"));
            assertThat(frameOf(client, "stream_end").text("status")).contains("completed");
        }
    }

    // Requests

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "POST | /api/chat/sessions | not json | 400",
        "POST | /api/chat/sessions | [] | 400",
        "POST | /api/chat/sessions | {\"session_id\":5} | 400",
        "POST | /api/chat/sessions | {\"session_id\":\"a b\"} | 400",
        "POST | /api/chat/sessions | {\"visibility\":\"everybody\"} | 400",
        "GET | /api/chat/sessions/nowhere | ~~ | 404",
        "GET | /api/chat/sessions/nowhere/messages?limit=many | ~~ | 400",
        "GET | /api/chat/messages/nothing | ~~ | 404",
        "GET | /api/chat/sessions/%00 | ~~ | 400",
        "GET | /api/nothing | ~~ | 404",
        "DELETE | /api/chat/sessions | ~~ | 405",
        "GET | /api/admin/stats | ~~ | 403",
        "POST | /api/admin/announcements | {\"message\":\"x\",\"level\":\"info\"} | 403"
    })
    void a_request_that_makes_no_sense_gets_a_problem_and_tells_nothing(String method, String path, String body, int status)
            throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(parley.url() + path))
                        .header("Authorization", "Bearer " + ann)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        tellsNothing(answer.body());
    }

    private static byte[] hugeHeader() {
        byte[] header = new byte[14];
        Arrays.fill(header, (byte) 0xff);
        header[0] = (byte) 0x81;
        header[2] = 0x7f;
        return header;
    }
}
