package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.rest.Server.Answer;
import dev.parley.domain.error.LlmException;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedExchange;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How replies stand, as clients of the chat module ask. */
class StreamsTest extends ChatModule {

    @Test
    void a_stream_tells_how_far_it_is_while_it_runs_and_once_it_is_over() throws InterruptedException {
        String stream = ask("A story");
        ScriptedExchange exchange = server.model.next();
        exchange.say("Once upon");
        Answer running = server.get("bruno", "/api/chat/streams/" + stream + "/status");
        assertThat(running.status()).as(running.body()).isEqualTo(200);
        assertThat(running.text("streamId")).isEqualTo(stream);
        assertThat(running.text("sessionId")).isEqualTo(session);
        assertThat(running.text("status")).isEqualTo("streaming");
        assertThat(running.json().has("completedAt")).isFalse();
        assertThat(DESCRIBED.faults("StreamStatus", running.json())).isEmpty();
        assertThat(DESCRIBED.faults(
                "StreamMetrics", server.get("bruno", "/api/chat/streams/" + stream + "/metrics").json())).isEmpty();
        exchange.end();
        awaitEnd(stream);

        Answer over = server.get("bruno", "/api/chat/streams/" + stream + "/status");
        assertThat(over.text("status")).isEqualTo("completed");
        assertThat(over.json().whole("progress")).hasValue(100);
        assertThat(over.json().whole("tokensGenerated")).hasValue(5);
        assertThat(over.text("completedAt")).isGreaterThanOrEqualTo(over.text("startedAt"));
        assertThat(DESCRIBED.faults("StreamStatus", over.json())).isEmpty();
        Answer metrics = server.get("bruno", "/api/chat/streams/" + stream + "/metrics");
        assertThat(metrics.json().whole("totalTokens")).hasValue(5);
        assertThat(metrics.json().whole("errors")).hasValue(0);
        assertThat(DESCRIBED.faults("StreamMetrics", metrics.json())).isEmpty();
    }

    @Test
    void a_stream_that_waits_says_so_and_one_that_fails_why() throws InterruptedException {
        String first = ask("First");
        ScriptedExchange exchange = server.model.next();
        String second = ask("Second");
        assertThat(server.get("ana", "/api/chat/streams/" + second + "/status").text("status")).isEqualTo("queued");
        exchange.say("Well");
        exchange.perform(new ModelStep.Cut());
        awaitEnd(first);
        Answer failed = server.get("ana", "/api/chat/streams/" + first + "/status");
        assertThat(failed.text("status")).isEqualTo("failed");
        assertThat(failed.text("code")).isEqualTo("MODEL_FAILED");
        assertThat(DESCRIBED.faults("StreamStatus", failed.json())).isEmpty();
        assertThat(server.get("ana", "/api/chat/streams/" + first + "/metrics").json().whole("errors")).hasValue(1);
        server.model.next().fail(LlmException.Kind.FAILED);
        awaitEnd(second);
    }

    @Test
    void a_stream_is_as_secret_as_its_session() {
        server.model.answer("Yes");
        String stream = ask("Well?");
        awaitEnd(stream);
        take();
        for (String what : List.of("/status", "/metrics")) {
            assertThat(server.get("carla", "/api/chat/streams/" + stream + what).status()).isEqualTo(404);
            assertThat(server.get("feeder", "/api/chat/streams/" + stream + what).status()).isEqualTo(404);
            assertThat(server.get("root", "/api/chat/streams/" + stream + what).status()).isEqualTo(200);
            assertThat(server.get("", "/api/chat/streams/" + stream + what).status()).isEqualTo(401);
            assertThat(server.get("ana", "/api/chat/streams/nothing" + what).status()).isEqualTo(404);
            assertThat(server.get("ana", "/api/chat/streams/a%20b" + what).status()).isEqualTo(400);
            assertThat(server.get("ana", "/api/chat/streams/" + say("ana", "Hi") + what).status()).isEqualTo(404);
        }
    }

    private String ask(String question) {
        return server.send("ana", "POST", "/api/chat/messages",
                "{\"sessionId\":\"" + session + "\",\"content\":\"" + question + "\",\"reply\":true}")
                .text("reply_id");
    }

    private void take() {
        try {
            server.model.next();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
