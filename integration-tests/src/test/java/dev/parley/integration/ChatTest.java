package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.bootstrap.Parley;
import dev.parley.protocols.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server over real sockets, with a model of our own. */
class ChatTest {

    @TempDir
    Path folder;

    private final PacedModel model = new PacedModel();
    private final HttpClient http = HttpClient.newHttpClient();
    private Parley parley;
    private String token;

    @BeforeEach
    void start() {
        parley = Parley.builder().dataFolder(folder.resolve("data")).set("PORT", "0").models(model, model).build();
        token = parley.openingUrl().orElseThrow().getFragment().substring("token=".length());
    }

    @AfterEach
    void end() {
        parley.close();
        http.close();
    }

    @Test
    void health_metrics_and_the_page_are_there_without_a_token() throws Exception {
        HttpResponse<String> health = get("/health", false);
        assertThat(health.statusCode()).isEqualTo(200);
        JsonObject report = Frames.parsed(health.body());
        assertThat(report.truth("ready")).contains(true);
        assertThat(report.object("store").orElseThrow().truth("up")).contains(true);
        assertThat(get("/metrics", false).statusCode()).isEqualTo(200);
        HttpResponse<String> page = get("/", false);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse("")).doesNotContain("unsafe-inline");
    }

    @Test
    void a_question_is_streamed_stored_and_readable_over_rest() throws Exception {
        try (Frames ann = connect("one", "")) {
            ann.next("connected");
            ann.send("{\"type\":\"message\",\"content\":\"Hi\",\"id\":\"1\"}");
            ann.next("ack");
            JsonObject end = ann.next("stream_end");
            assertThat(end.text("status")).contains("completed");
            assertThat(text(ann.all())).isEqualTo(PacedModel.answerTo("Hi"));
        }
        assertThat(get("/api/chat/sessions/one/messages", true).body()).contains("word5").contains("\"Hi\"");
        assertThat(get("/api/chat/sessions/one/search?q=word3", true).body()).contains("\"total\":1");
    }

    @Test
    void a_client_without_a_good_token_does_not_get_in() throws Exception {
        assertThat(get("/api/chat/sessions", false).statusCode()).isEqualTo(401);
        String bad = "ws" + parley.url().toString().substring(4) + "/ws/one?token=nonsense";
        assertThatThrownBy(() -> Frames.connect(http, URI.create(bad)))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class,
                        refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(401));
    }

    @Test
    void a_client_that_was_cut_off_loses_no_character_and_gets_none_twice() throws Exception {
        StringBuilder seen = new StringBuilder();
        String cursor;
        String reply;
        try (Frames first = connect("one", "")) {
            cursor = first.next("connected").requiredText("cursor");
            first.send("{\"type\":\"message\",\"content\":\"A long one\",\"id\":\"1\"}");
            cursor = first.next("ack").requiredText("cursor");
            reply = first.next("stream_start").requiredText("message_id");
            while (seen.length() < 200) {
                JsonObject chunk = first.next("stream_chunk");
                seen.append(chunk.requiredText("content"));
                assertThat(chunk.whole("seq")).hasValue(seen.length());
            }
            first.cut();
        }
        try (Frames again = connect("one", "&since=" + cursor + "&streams=" + reply + ":" + seen.length())) {
            again.next("connected");
            again.next("stream_end");
            assertThat(again.all()).noneMatch(frame -> Frames.type(frame).equals("resumed")
                    && frame.truth("recovered").equals(java.util.Optional.of(false)));
            seen.append(text(again.all()));
        }
        assertThat(seen.toString()).isEqualTo(PacedModel.answerTo("A long one"));
        assertThat(model.interrupted()).as("dropping a connection does not stop a reply").isZero();
    }

    @Test
    void stop_from_another_tab_stops_the_model_and_keeps_what_was_written() throws Exception {
        try (Frames asking = connect("one", ""); Frames other = connect("one", "")) {
            asking.next("connected");
            other.next("connected");
            asking.send("{\"type\":\"message\",\"content\":\"A long one\",\"id\":\"1\"}");
            other.next("stream_chunk");
            other.send("{\"type\":\"stop\",\"id\":\"s\"}");

            JsonObject end = asking.next("stream_end");
            assertThat(end.text("status")).contains("stopped");
            assertThat(other.next("stream_end").text("status")).contains("stopped");
            assertThat(model.interrupted()).isEqualTo(1);
            String kept = end.object("message").orElseThrow().requiredText("content");
            assertThat(kept).isNotEmpty().isEqualTo(text(asking.all()));
            assertThat(PacedModel.answerTo("A long one")).startsWith(kept);
        }
    }

    @Test
    void two_tabs_see_the_same() throws Exception {
        try (Frames one = connect("one", ""); Frames two = connect("one", "")) {
            one.next("connected");
            two.next("connected");
            one.send("{\"type\":\"message\",\"content\":\"Hi\",\"id\":\"1\"}");
            assertThat(two.next("message").text("content")).contains("Hi");
            one.next("stream_end");
            two.next("stream_end");
            assertThat(text(two.all())).isEqualTo(text(one.all())).isEqualTo(PacedModel.answerTo("Hi"));
        }
    }

    @Test
    void events_and_polls_tell_what_sockets_do() throws Exception {
        HttpResponse<Stream<String>> events = http.send(
                HttpRequest.newBuilder(parley.url().resolve("/api/chat/sessions/one/events?token=" + token)).build(),
                HttpResponse.BodyHandlers.ofLines());
        assertThat(events.statusCode()).isEqualTo(200);
        HttpResponse<String> sent = http.send(
                HttpRequest.newBuilder(parley.url().resolve("/api/chat/sessions/one/frames"))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"message\",\"content\":\"Hi\",\"id\":\"1\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(sent.body()).contains("\"ack\"");
        StringBuilder heard = new StringBuilder();
        try (Stream<String> lines = events.body()) {
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.startsWith("data:")) {
                    JsonObject frame = Frames.parsed(line.substring(5));
                    if (Frames.type(frame).equals("stream_chunk")) {
                        heard.append(frame.requiredText("content"));
                    }
                    if (Frames.type(frame).equals("stream_end")) {
                        break;
                    }
                }
            }
        }
        assertThat(heard.toString()).isEqualTo(PacedModel.answerTo("Hi"));
        HttpResponse<String> poll = get("/api/chat/sessions/one/poll", true);
        assertThat(poll.body()).contains("\"connected\"");
    }

    @Test
    void a_restart_keeps_everything() throws Exception {
        try (Frames ann = connect("one", "")) {
            ann.next("connected");
            ann.send("{\"type\":\"message\",\"content\":\"Hi\",\"id\":\"1\"}");
            ann.next("stream_end");
        }
        parley.close();
        start();
        assertThat(get("/api/chat/sessions/one/messages", true).body()).contains("word5").contains("\"total\":2");
        try (Frames ann = connect("one", "")) {
            ann.next("connected");
            ann.send("{\"type\":\"message\",\"content\":\"Hi\",\"id\":\"1\"}");
            assertThat(ann.next("ack").truth("duplicate")).as("the same id is the same message").contains(true);
        }
    }

    @Test
    void draining_sends_clients_away_and_lets_the_reply_end() throws Exception {
        try (Frames ann = connect("one", "")) {
            ann.next("connected");
            ann.send("{\"type\":\"message\",\"content\":\"A long one\",\"id\":\"1\"}");
            ann.next("stream_chunk");
            parley.drain();

            assertThat(ann.next("disconnect").text("reason")).contains("drain");
            assertThat(ann.closeCode()).isEqualTo(1001);
            assertThat(get("/health", false).statusCode()).isEqualTo(503);
        }
        parley.close();
        start();
        assertThat(get("/api/chat/sessions/one/messages", true).body()).contains("word" + PacedModel.LONG).contains("completed");
    }

    private static String text(Iterable<JsonObject> frames) {
        StringBuilder text = new StringBuilder();
        for (JsonObject frame : frames) {
            switch (Frames.type(frame)) {
                case "stream_start" -> text.setLength(0);
                case "stream_chunk" -> text.append(frame.requiredText("content"));
                default -> {}
            }
        }
        return text.toString();
    }

    private Frames connect(String session, String more) throws Exception {
        return Frames.connect(
                http, URI.create("ws" + parley.url().toString().substring(4) + "/ws/" + session + "?token=" + token + more));
    }

    private HttpResponse<String> get(String path, boolean known) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(parley.url().resolve(path));
        if (known) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
