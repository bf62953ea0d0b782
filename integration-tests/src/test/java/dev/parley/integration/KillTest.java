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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that is killed without warning while it works. */
class KillTest {

    private static final int WORDS = 400;
    private static final Duration PACE = Duration.ofMillis(20);
    /** What of a reply may be lost at most. */
    private static final Duration LOST = Duration.ofSeconds(3);
    /** The same in words, as fast as the model says them; a machine that stands still says none meanwhile. */
    private static final int WORDS_LOST = (int) LOST.dividedBy(PACE);

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

    /** Where in the reply the server is killed. */
    enum Moment {
        BEFORE_THE_FIRST_WORD,
        ANYWHERE,
        AFTER_THREE_SECONDS,
        AT_THE_LAST_WORD
    }

    @ParameterizedTest
    @EnumSource
    void a_kill_loses_no_acknowledged_message_and_at_most_three_seconds_of_a_reply(Moment moment) throws Exception {
        long seed = new Random().nextLong();
        int until = length(moment, new Random(seed));
        System.out.println("KillTest: " + moment + ", seed " + seed + ", after " + until + " characters");
        ollama.act(answer());
        Before before;
        try (ServerProcess server = start(); Frames ann = connect(server, "")) {
            ann.next("connected");
            ann.send("{\"type\":\"message\",\"content\":\"A long one\",\"id\":\"q\"}");
            before = new Before(ann.next("ack"));
            before.readUntil(ann, until);
            before.killed = System.nanoTime();
            server.kill();
        }
        try (ServerProcess server = start();
                Frames ann = connect(
                        server, "&since=" + before.cursor + "&streams=" + before.reply + ":" + before.shown.length())) {
            ann.next("connected");
            before.isWhatIsKept(ann);
            List<String> stored = ann.storedMessages();
            assertThat(stored).as("stored, seed %d", seed)
                    .contains(before.question, before.reply)
                    .containsAll(before.acknowledged)
                    .doesNotHaveDuplicates();
            ann.send("{\"type\":\"message\",\"content\":\"A long one\",\"id\":\"q\"}");
            JsonObject again = ann.next("ack");
            assertThat(again.truth("duplicate")).as("what was acknowledged counts once").contains(true);
            assertThat(again.text("message_id")).contains(before.question);
        }
    }

    /** How much of the reply is shown when the server is killed. */
    private static int length(Moment moment, Random random) {
        int whole = words().length();
        return switch (moment) {
            case BEFORE_THE_FIRST_WORD -> 0;
            case ANYWHERE -> random.nextInt(whole);
            case AFTER_THREE_SECONDS -> whole / 2 + random.nextInt(whole / 2);
            case AT_THE_LAST_WORD -> whole;
        };
    }

    /** What a client knew when the server died. */
    private static final class Before {

        private final String question;
        private final String reply;
        private final List<String> acknowledged = new ArrayList<>();
        private final StringBuilder shown = new StringBuilder();
        private final Deque<Shown> history = new ArrayDeque<>();
        private String cursor;
        private boolean ended;
        private long killed;

        Before(JsonObject ack) {
            question = ack.requiredText("message_id");
            reply = ack.requiredText("reply_id");
            cursor = ack.requiredText("cursor");
        }

        /** Reads, and says something in between, until so much of the reply is shown. */
        void readUntil(Frames ann, int length) throws Exception {
            for (int asides = 0; shown.length() < length;) {
                JsonObject frame = ann.next(any -> true, "a frame");
                if (take(frame)) {
                    ann.send("{\"type\":\"message\",\"content\":\"Aside\",\"reply\":false,\"id\":\"a" + asides++ + "\"}");
                }
            }
        }

        /** True when the reply grew. */
        private boolean take(JsonObject frame) {
            cursor = frame.text("cursor").orElse(cursor);
            switch (Frames.type(frame)) {
                case "stream_chunk" -> {
                    shown.append(frame.requiredText("content"));
                    history.addLast(new Shown(System.nanoTime(), shown.length()));
                    return true;
                }
                case "ack" -> acknowledged.add(frame.requiredText("message_id"));
                case "stream_end" -> ended = true;
                default -> {}
            }
            return false;
        }

        /**
         * What was shown so long before the end that it had to be safe: by the clock, and by what the model said since, of which there
         * is less where the machine was too busy to go on.
         */
        private int safe() {
            int said = lengthOfWords((int) shown.chars().filter(each -> each == ' ').count() - WORDS_LOST);
            return history.stream()
                    .filter(moment -> moment.at() < killed - LOST.toNanos() && moment.length() <= said)
                    .mapToInt(Shown::length)
                    .max()
                    .orElse(0);
        }

        void isWhatIsKept(Frames ann) throws Exception {
            ann.send("{\"type\":\"history\",\"after\":\"" + question + "\",\"limit\":1}");
            JsonObject kept = (JsonObject) ann.next("history").items("messages").orElseThrow().getFirst();
            assertThat(kept.text("message_id")).contains(reply);
            String text = kept.requiredText("content");
            switch (kept.requiredText("status")) {
                case "interrupted" -> {
                    assertThat(ended).as("what was told to have ended is not interrupted").isFalse();
                    assertThat(words()).as("what is kept").startsWith(text);
                    assertThat(text.length()).as("what is kept").isGreaterThanOrEqualTo(safe());
                }
                case "completed" -> assertThat(text).as("what came to its end in time").isEqualTo(words());
                case String other -> throw new AssertionError("Expected a reply that has ended, found " + other);
            }
            if (!ended) {
                assertThat(ann.all().stream().filter(frame -> Frames.type(frame).equals("stream_end")))
                        .as("who comes back is told the end once")
                        .singleElement()
                        .extracting(end -> end.text("status"))
                        .isEqualTo(kept.text("status"));
            }
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
        return words(WORDS);
    }

    private static int lengthOfWords(int count) {
        return words(count).length();
    }

    private static String words(int count) {
        StringBuilder text = new StringBuilder();
        for (int word = 1; word <= count; word++) {
            text.append("word").append(word).append(' ');
        }
        return text.toString();
    }
}
