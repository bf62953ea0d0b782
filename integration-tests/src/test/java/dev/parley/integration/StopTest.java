package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.Parley;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.Peers;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedOllama;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stopping a reply from another connection than the one that asked, down to the model. */
class StopTest {

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ScriptedOllama ollama = ScriptedOllama.start();

    @AfterEach
    void end() {
        ollama.close();
        http.close();
    }

    @Test
    void a_stop_in_the_middle_closes_the_connection_to_the_model_and_keeps_the_text() throws Exception {
        ollama.script(ModelStep.say("One, two, "), ModelStep.say("three"), ModelStep.stall());
        try (Parley parley = start(); Frames asking = connect(parley, "one"); Frames other = connect(parley, "one")) {
            String reply = ask(asking);
            awaitText(other, "One, two, three");

            stop(other, reply);

            assertThat(ollama.awaitGone()).as("the model sees its client go").isTrue();
            assertThat(endOf(asking, reply)).isEqualTo("One, two, three");
            assertThat(endOf(other, reply)).isEqualTo("One, two, three");
        }
    }

    @Test
    void a_stop_before_the_first_token_closes_the_connection_to_the_model() throws Exception {
        ollama.script(ModelStep.stall());
        try (Parley parley = start(); Frames asking = connect(parley, "one"); Frames other = connect(parley, "one")) {
            String reply = ask(asking);
            assertThat(ollama.awaitAsked()).isTrue();

            stop(other, reply);

            assertThat(ollama.awaitGone()).as("the model sees its client go").isTrue();
            assertThat(endOf(asking, reply)).isEmpty();
            assertThat(endOf(other, reply)).isEmpty();
        }
    }

    @Test
    void a_stop_while_queued_never_reaches_the_model() throws Exception {
        ollama.script(ModelStep.say("First"), ModelStep.stall());
        ollama.script(ModelStep.say("Third"), ModelStep.end());
        try (Parley parley = start();
                Frames busy = connect(parley, "busy");
                Frames asking = connect(parley, "one");
                Frames other = connect(parley, "one")) {
            String first = ask(busy);
            assertThat(ollama.awaitAsked()).isTrue();
            String queued = ask(asking);
            assertThat(asking.next("queued").text("message_id")).contains(queued);

            stop(other, queued);

            assertThat(endOf(asking, queued)).isEmpty();
            assertThat(endOf(other, queued)).isEmpty();
            stop(busy, first);
            assertThat(endOf(busy, first)).isEqualTo("First");
            assertThat(ollama.awaitGone()).isTrue();

            String third = ask(asking);
            assertThat(completed(asking, third)).as("the place that is free again is used").isEqualTo("Third");
            assertThat(ollama.chats()).as("what reached the model").hasSize(2);
        }
    }

    @Test
    void a_real_ollama_answers_the_next_question_after_a_stop() throws Exception {
        String server = Peers.require("ollama", "TESTKIT_OLLAMA");
        try (Parley parley = start(server, "tiny");
                Frames asking = connect(parley, "one");
                Frames other = connect(parley, "one")) {
            String reply = ask(asking, "\"max_tokens\":100000");
            other.next("stream_chunk");

            stop(other, reply);

            endOf(asking, reply);
            assertThat(completed(asking, ask(asking, "\"max_tokens\":8"))).isNotNull();
        }
    }

    private Parley start() {
        return start(ollama.address().toString(), "tiny:latest");
    }

    private Parley start(String server, String model) {
        return Parley.builder()
                .dataFolder(folder.resolve("data"))
                .set("PORT", "0")
                .set("OLLAMA_SERVER", server)
                .set("DEFAULT_MODEL", model)
                .set("MAX_CONCURRENT_STREAMS", "1")
                .build();
    }

    private Frames connect(Parley parley, String session) throws Exception {
        String token = parley.openingUrl().orElseThrow().getFragment();
        Frames frames = Frames.connect(
                http, URI.create("ws" + parley.url().toString().substring(4) + "/ws/" + session + "?" + token));
        frames.next("connected");
        return frames;
    }

    /** Asks something and tells the reply's id. */
    private static String ask(Frames connection) throws Exception {
        return ask(connection, "\"max_tokens\":100");
    }

    private static String ask(Frames connection, String options) throws Exception {
        connection.send("{\"type\":\"message\",\"content\":\"Count\",\"id\":\"" + System.nanoTime() + "\",\"options\":{" + options
                + "}}");
        return connection.next("ack").requiredText("reply_id");
    }

    private static void stop(Frames connection, String reply) throws Exception {
        connection.send("{\"type\":\"stop\",\"message_id\":\"" + reply + "\",\"id\":\"stop\"}");
        assertThat(connection.next("ack").texts("stopped")).contains(List.of(reply));
    }

    private static void awaitText(Frames connection, String text) throws InterruptedException {
        StringBuilder shown = new StringBuilder();
        while (shown.length() < text.length()) {
            shown.append(connection.next("stream_chunk").requiredText("content"));
        }
        assertThat(shown.toString()).isEqualTo(text);
    }

    /** The text of a reply that was stopped. */
    private static String endOf(Frames connection, String reply) throws InterruptedException {
        return end(connection, reply, "stopped");
    }

    private static String completed(Frames connection, String reply) throws InterruptedException {
        return end(connection, reply, "completed");
    }

    private static String end(Frames connection, String reply, String status) throws InterruptedException {
        JsonObject end = connection.next("stream_end");
        assertThat(end.text("message_id")).contains(reply);
        assertThat(end.text("status")).contains(status);
        return end.object("message").orElseThrow().requiredText("content");
    }
}
