package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedOllama;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as the system sees it: signals, exit codes, sudden death. */
class ProcessTest {

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ScriptedOllama ollama = ScriptedOllama.start();

    @AfterEach
    void end() {
        http.close();
        ollama.close();
    }

    @Test
    void sigterm_drains_and_ends_with_zero() throws Exception {
        try (ServerProcess server = ServerProcess.ready(folder, environment()); Frames ann = connect(server)) {
            ann.next("connected");
            server.terminate();

            assertThat(ann.next("disconnect").text("reason")).contains("drain");
            assertThat(ann.closeCode()).isEqualTo(1001);
            assertThat(server.exitCode()).isZero();
            assertThat(server.err()).as("the token is not in the log").doesNotContain(server.token());
        }
    }

    @Test
    void a_second_signal_ends_it_at_once() throws Exception {
        ollama.script(ModelStep.say("Once upon a time"), ModelStep.stall());
        try (ServerProcess server =
                ServerProcess.ready(folder, Map.of("OLLAMA_SERVER", ollama.address().toString(), "SHUTDOWN_GRACE", "1h"));
                Frames ann = connect(server)) {
            ann.next("connected");
            ann.send("{\"type\":\"message\",\"content\":\"Tell\",\"id\":\"1\"}");
            ann.next("stream_chunk");
            server.terminate();
            ann.next("disconnect");
            server.terminate();

            assertThat(server.exitCode()).isEqualTo(130);
        }
    }

    @Test
    void after_sudden_death_everything_is_there_and_the_reply_is_interrupted() throws Exception {
        ollama.script(ModelStep.say("Once upon a time"), ModelStep.stall());
        String reply;
        try (ServerProcess server = ServerProcess.ready(folder, environment()); Frames ann = connect(server)) {
            ann.next("connected");
            ann.send("{\"type\":\"message\",\"content\":\"Tell\",\"id\":\"1\"}");
            assertThat(ann.next("ack").text("message_id")).isPresent();
            reply = ann.next("stream_start").requiredText("message_id");
            ann.next("stream_chunk");
            server.kill();
        }
        try (ServerProcess server = ServerProcess.ready(folder, environment())) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(server.url() + "/api/chat/messages/" + reply))
                            .header("Authorization", "Bearer " + server.token())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            JsonObject kept = Frames.parsed(answer.body());
            assertThat(kept.text("status")).contains("interrupted");
            assertThat("Once upon a time").startsWith(kept.requiredText("content"));
            try (Frames ann = connect(server)) {
                ann.next("connected");
                ann.send("{\"type\":\"message\",\"content\":\"Tell\",\"id\":\"1\"}");
                assertThat(ann.next("ack").truth("duplicate")).contains(true);
            }
        }
    }

    @Test
    void a_taken_folder_and_a_taken_port_are_told_in_one_line() throws Exception {
        try (ServerProcess server = ServerProcess.ready(folder, environment())) {
            String data = folder.resolve("data").toString();
            try (ServerProcess second = ServerProcess.launch(folder, environment(), "--port", "0", "--data-dir", data)) {
                assertThat(second.exitCode()).isEqualTo(4);
                assertThat(second.err().strip().lines()).hasSize(1);
            }
            String port = String.valueOf(URI.create(server.url()).getPort());
            String other = folder.resolve("other").toString();
            try (ServerProcess second = ServerProcess.launch(folder, environment(), "--port", port, "--data-dir", other)) {
                assertThat(second.exitCode()).isEqualTo(3);
                assertThat(second.err().strip().lines()).hasSize(1);
                assertThat(second.err()).contains(port);
            }
        }
    }

    private Map<String, String> environment() {
        return Map.of("OLLAMA_SERVER", ollama.address().toString());
    }

    private Frames connect(ServerProcess server) throws Exception {
        return Frames.connect(http, URI.create(server.url().replaceFirst("http", "ws") + "/ws/one?token=" + server.token()));
    }
}
