package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.llm.Completion;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.llm.ScriptedOllama;
import dev.parley.testkit.llm.ScriptedOllama.Act;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed without warning while it works. */
class KillTest {

    private static final int WORDS = 3000;
    private static final Duration PACE = Duration.ofMillis(20);
    /** What of a reply may be lost at most. */
    private static final Duration LOST = Duration.ofSeconds(3);

    private record Shown(long at, int length) {}

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
    void a_kill_loses_no_acknowledged_message_and_at_most_three_seconds_of_a_reply() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("KillTest: seed " + seed);
        Duration life = LOST.plusMillis(new Random(seed).nextLong(1500));
        ollama.act(answer());
        List<String> acknowledged = new ArrayList<>();
        StringBuilder shown = new StringBuilder();
        Deque<Shown> history = new ArrayDeque<>();
        String cursor;
        String reply;
        String question;
        long killed;
        try (ServerProcess server = start(); Frames ann = connect(server, "")) {
            ann.next("connected");
            ann.send("{\"type\":\"message\",\"content\":\"A long one\",\"id\":\"q\"}");
            JsonObject ack = ann.next("ack");
            question = ack.requiredText("message_id");
            reply = ack.requiredText("reply_id");
            cursor = ack.requiredText("cursor");
            ann.next("stream_start");
            long end = System.nanoTime() + life.toNanos();
            for (int said = 0; System.nanoTime() < end; said++) {
                ann.send("{\"type\":\"message\",\"content\":\"Aside " + said + "\",\"reply\":false,\"id\":\"a" + said + "\"}");
                JsonObject frame;
                do {
                    frame = ann.next(any -> true, "a frame");
                    if (Frames.type(frame).equals("stream_chunk")) {
                        shown.append(frame.requiredText("content"));
                        history.addLast(new Shown(System.nanoTime(), shown.length()));
                    }
                } while (!Frames.type(frame).equals("ack"));
                acknowledged.add(frame.requiredText("message_id"));
                cursor = frame.requiredText("cursor");
            }
            killed = System.nanoTime();
            server.kill();
        }
        int safe = history.stream()
                .filter(moment -> moment.at() < killed - LOST.toNanos())
                .mapToInt(Shown::length)
                .max()
                .orElse(0);
        assertThat(acknowledged).as("seed %d", seed).isNotEmpty();

        try (ServerProcess server = start();
                Frames ann = connect(server, "&since=" + cursor + "&streams=" + reply + ":" + shown.length())) {
            ann.next("connected");
            JsonObject ended = ann.next("stream_end");
            assertThat(ended.text("message_id")).contains(reply);
            assertThat(ended.text("status")).as("how the reply ended, seed %d", seed).contains("interrupted");
            String kept = ended.object("message").orElseThrow().requiredText("content");
            assertThat(words()).as("what is kept, seed %d", seed).startsWith(kept);
            assertThat(kept.length()).as("what is kept, seed %d", seed).isGreaterThanOrEqualTo(safe);

            List<String> stored = new ArrayList<>();
            for (String next = ""; next != null;) {
                ann.send("{\"type\":\"history\",\"limit\":200" + (next.isEmpty() ? "" : ",\"before\":\"" + next + "\"") + "}");
                JsonObject page = ann.next("history");
                page.items("messages").orElseThrow().forEach(each -> stored.add(((JsonObject) each).requiredText("message_id")));
                next = page.text("next").orElse(null);
            }
            assertThat(stored).as("stored, seed %d", seed).contains(question, reply).containsAll(acknowledged);
            assertThat(stored).doesNotHaveDuplicates();

            ann.send("{\"type\":\"message\",\"content\":\"A long one\",\"id\":\"q\"}");
            JsonObject again = ann.next("ack");
            assertThat(again.truth("duplicate")).as("what was acknowledged counts once").contains(true);
            assertThat(again.text("message_id")).contains(question);
        }
    }

    @Test
    void after_a_kill_the_next_question_is_answered() throws Exception {
        ollama.act(answer());
        try (ServerProcess server = start(); Frames ann = connect(server, "")) {
            ann.next("connected");
            ann.send("{\"type\":\"message\",\"content\":\"A long one\",\"id\":\"1\"}");
            ann.next("stream_chunk");
            server.kill();
        }
        ollama.act(
                new Act.Body(ScriptedOllama.line("Yes", "")),
                new Act.Body(ScriptedOllama.lastLine(
                        new Completion(Completion.Reason.STOP, java.util.Optional.of(1), java.util.Optional.of(1)))),
                new Act.EndOfBody());
        try (ServerProcess server = start(); Frames ann = connect(server, "")) {
            ann.next("connected");
            ann.send("{\"type\":\"message\",\"content\":\"Are you there?\",\"id\":\"2\"}");
            String reply = ann.next("ack").requiredText("reply_id");
            JsonObject end = ann.next(
                    frame -> Frames.type(frame).equals("stream_end")
                            && frame.text("message_id").equals(java.util.Optional.of(reply)),
                    "the end of the second reply");
            assertThat(end.text("status")).contains("completed");
        }
    }

    private ServerProcess start() throws Exception {
        return ServerProcess.ready(
                folder,
                Map.of(
                        "OLLAMA_SERVER", ollama.address().toString(),
                        "DEFAULT_MODEL", "tiny:latest",
                        "RATE_LIMIT_MESSAGES_PER_MINUTE", "off",
                        "WS_RATE_LIMIT_REQUESTS", "off"));
    }

    private Frames connect(ServerProcess server, String place) throws Exception {
        return Frames.connect(
                http, URI.create("ws" + server.url().substring(4) + "/ws/one?token=" + server.token() + place));
    }

    private static Act[] answer() {
        List<Act> acts = new ArrayList<>();
        for (int word = 1; word <= WORDS; word++) {
            acts.add(new Act.Body(ScriptedOllama.line("word" + word + " ", "")));
            acts.add(new Act.Pause(PACE));
        }
        return acts.toArray(Act[]::new);
    }

    private static String words() {
        StringBuilder text = new StringBuilder();
        for (int word = 1; word <= WORDS; word++) {
            text.append("word").append(word).append(' ');
        }
        return text.toString();
    }
}
