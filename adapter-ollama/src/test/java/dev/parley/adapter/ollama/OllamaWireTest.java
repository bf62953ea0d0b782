package dev.parley.adapter.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.error.LlmException;
import dev.parley.domain.error.LlmException.Kind;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.Role;
import dev.parley.testkit.file.Bytes;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedOllama;
import dev.parley.testkit.llm.ScriptedOllama.Act;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Ollama's own wire has beyond the contract. */
final class OllamaWireTest {

    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ScriptedOllama server = ScriptedOllama.start();
    private OllamaAdapter adapter = patientFor(LONG, LONG);

    @AfterEach
    void close() {
        adapter.close();
        server.close();
    }

    @Test
    void what_is_asked_is_written_as_ollama_reads_it() throws InterruptedException {
        server.script(ModelStep.end());
        ModelOptions options = new ModelOptions(
                Optional.of(0.5),
                Optional.of(7),
                Optional.of(42L),
                Map.of("top_k", 3, "num_predict", 99, "stop", List.of("\n")));
        adapter.stream(
                new Prompt(
                        "tiny:latest",
                        List.of(new Prompt.Turn(Role.SYSTEM, "é"), new Prompt.Turn(Role.ASSISTANT, "\"x\"")),
                        options),
                fragment -> {});
        assertThat(server.chats().getFirst())
                .startsWith("{\"model\":\"tiny:latest\",\"stream\":true,\"messages\":[{\"role\":\"system\",\"content\":\"é\"},"
                        + "{\"role\":\"assistant\",\"content\":\"\\\"x\\\"\"}],\"think\":false,\"options\":{")
                .contains("\"top_k\":3", "\"stop\":[\"\\n\"]", "\"num_predict\":7", "\"temperature\":0.5", "\"seed\":42")
                .doesNotContain("keep_alive", "99");
    }

    @Test
    void pictures_go_with_their_turn_in_base64() throws InterruptedException {
        server.script(ModelStep.end());
        Prompt.Image image = new Prompt.Image(new MimeType("image/png"), new Bytes(new byte[] {0, 1, 2, (byte) 0xFF}));
        adapter.stream(
                new Prompt(
                        "tiny:latest",
                        List.of(new Prompt.Turn(Role.USER, "Look", List.of(image, image))),
                        ModelOptions.DEFAULT),
                fragment -> {});
        assertThat(server.chats().getFirst())
                .contains("{\"role\":\"user\",\"content\":\"Look\",\"images\":[\"AAEC/w==\",\"AAEC/w==\"]}");
    }

    @Test
    void options_of_the_request_itself_stand_beside_those_of_the_model() throws InterruptedException {
        server.script(ModelStep.end());
        ask(Map.of("think", "low", "top_p", 0.9));
        assertThat(server.chats().getFirst()).contains("\"think\":\"low\",\"options\":{\"top_p\":0.9}");
    }

    @Test
    void a_base_path_is_kept() throws InterruptedException {
        server.below("/llm/ollama");
        adapter = patientFor(LONG, LONG);
        server.script(ModelStep.say("Hello"), ModelStep.end());
        assertThat(ask(Map.of())).isEqualTo("Hello");
        assertThat(adapter.models()).hasSize(1);
    }

    @Test
    void a_finished_answer_leaves_its_connection_to_the_next() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            server.script(ModelStep.say("Hello"), ModelStep.end());
            ask(Map.of());
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void nobody_listening_is_told_as_unavailable() {
        server.close();
        assertFails(Kind.UNAVAILABLE);
    }

    @Test
    void a_reset_in_the_middle_is_a_truncated_answer() {
        server.act(new Act.Body(ScriptedOllama.line("Half", "")), new Act.HangUp(true));
        assertFails(Kind.TRUNCATED);
        server.act(new Act.Body(ScriptedOllama.line("Half", "")), new Act.HangUp(false));
        assertFails(Kind.TRUNCATED);
    }

    @Test
    void the_silent_end_after_many_repetitions_is_a_truncated_answer() {
        List<Act> acts = new ArrayList<>();
        for (int i = 0; i < 31; i++) {
            acts.add(new Act.Body(ScriptedOllama.line("la ", "")));
        }
        acts.add(new Act.EndOfBody());
        server.act(acts.toArray(Act[]::new));
        assertFails(Kind.TRUNCATED);
    }

    @ParameterizedTest
    @CsvSource({"400, REJECTED", "401, REJECTED", "403, REJECTED", "404, NOT_FOUND", "429, OVERLOADED",
        "499, REJECTED", "500, FAILED", "502, FAILED", "503, OVERLOADED", "301, FAILED", "204, FAILED"})
    void statuses_are_told_apart(int status, Kind kind) {
        server.act(new Act.Refuse(status, status == 204 ? "" : "{\"error\":\"no\\nway\"}"));
        LlmException failure = assertFails(kind);
        assertThat(failure).hasMessageContaining(String.valueOf(status));
        assertThat(failure.getMessage()).doesNotContain("\n");
    }

    @Test
    void no_first_piece_in_time_closes_the_exchange() throws InterruptedException {
        adapter = patientFor(SHORT, LONG);
        server.act(new Act.Silence());
        assertFails(Kind.NO_FIRST_TOKEN);
        assertThat(server.awaitGone()).isTrue();
        server.act(new Act.Body("\n"), new Act.Silence());
        assertFails(Kind.NO_FIRST_TOKEN);
        assertThat(server.awaitGone()).isTrue();
    }

    @Test
    void pieces_that_cease_close_the_exchange() throws InterruptedException {
        adapter = patientFor(LONG, SHORT);
        server.script(ModelStep.say("Hello"), ModelStep.stall());
        assertFails(Kind.STALLED);
        assertThat(server.awaitGone()).isTrue();
    }

    @Test
    void a_thought_is_a_first_piece() {
        adapter = patientFor(LONG, SHORT);
        server.script(ModelStep.think("Hm"), ModelStep.stall());
        assertFails(Kind.STALLED);
    }

    @Test
    void a_slow_listener_is_no_slow_model() throws InterruptedException {
        adapter = patientFor(LONG, SHORT);
        server.script(ModelStep.say("one "), ModelStep.say("two "), ModelStep.end());
        StringBuilder heard = new StringBuilder();
        adapter.stream(prompt(Map.of()), fragment -> {
            long until = System.nanoTime() + SHORT.plusMillis(50).toNanos();
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            heard.append(fragment.text());
        });
        assertThat(heard).hasToString("one two ");
    }

    @Test
    void what_is_no_answer_is_a_failure() {
        for (String nonsense : List.of("<html>\n", "[]\n", "\"x\"\n", "{\"message\":\n", "{\"done\":tru}\n", "\u0000\n",
                "nul\n")) {
            server.act(new Act.Body(nonsense), new Act.Silence());
            assertFails(Kind.FAILED);
        }
    }

    @Test
    void unknown_and_odd_fields_are_passed_over() throws InterruptedException {
        server.act(
                new Act.Body("{\"model\":\"x\",\"logprobs\":[{\"a\":[1]}],\"message\":{\"role\":\"assistant\",\"content\":\"a\","
                        + "\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"content\":\"no\"}}}],\"thinking\":null}}\n"),
                new Act.Body("\r\n\n{\"message\":null,\"done\":false}\n{\"message\":{}}\n"),
                new Act.Body(
                        "{\"message\":{\"content\":\"b\"},\"done\":true,\"eval_count\":9999999999,\"prompt_eval_count\":null}"),
                new Act.EndOfBody());
        StringBuilder heard = new StringBuilder();
        Completion completion = adapter.stream(prompt(Map.of()), fragment -> heard.append(fragment.text()));
        assertThat(heard).hasToString("ab");
        assertThat(completion)
                .isEqualTo(new Completion(
                        Completion.Reason.STOP, Optional.empty(), Optional.of(Integer.MAX_VALUE)));
    }

    @Test
    void halves_of_a_pair_are_joined_and_lone_ones_replaced() throws InterruptedException {
        server.act(
                new Act.Body("{\"message\":{\"content\":\"a\\ud83d\"}}\n{\"message\":{\"content\":\"\\ude00b\"}}\n"),
                new Act.Body("{\"message\":{\"content\":\"\\ude00c\\ud83d\"},\"done\":true}\n"),
                new Act.EndOfBody());
        List<String> heard = new ArrayList<>();
        adapter.stream(prompt(Map.of()), fragment -> heard.add(fragment.text()));
        assertThat(heard).containsExactly("a", "😀b", "\ufffdc\ufffd");
    }

    @Test
    void a_line_without_end_is_not_collected_for_ever() throws InterruptedException {
        adapter.close();
        OllamaSettings settings = OllamaSettings.of(server.address().toString());
        adapter = OllamaAdapter.open(
                new OllamaSettings(settings.server(), LONG, LONG, LONG, LONG, 100_000, Duration.ZERO), InstantSource.system());
        server.act(new Act.Body("x".repeat(200_000)), new Act.Silence());
        assertFails(Kind.FAILED);
        assertThat(server.awaitGone()).isTrue();
    }

    @Test
    void a_server_that_goes_on_after_the_end_is_left() throws InterruptedException {
        server.act(new Act.Body(ScriptedOllama.lastLine(new Completion(
                Completion.Reason.STOP, Optional.empty(), Optional.empty()))), new Act.Silence());
        ask(Map.of());
        assertThat(server.awaitGone()).isTrue();
    }

    @Test
    void closing_ends_streams_that_run() throws InterruptedException {
        server.script(ModelStep.say("Hello"), ModelStep.stall());
        List<Throwable> thrown = new ArrayList<>();
        Thread asker = Thread.ofVirtual().start(() -> {
            try {
                adapter.stream(prompt(Map.of()), fragment -> adapter.close());
            } catch (LlmException | InterruptedException e) {
                thrown.add(e);
            }
        });
        asker.join(LONG);
        assertThat(thrown).hasSize(1).first().isInstanceOf(LlmException.class);
        assertThat(server.awaitGone()).isTrue();
    }

    private String ask(Map<String, Object> others) throws InterruptedException {
        StringBuilder heard = new StringBuilder();
        adapter.stream(prompt(others), fragment -> heard.append(fragment.text()));
        return heard.toString();
    }

    private LlmException assertFails(Kind kind) {
        List<LlmException> failure = new ArrayList<>();
        assertThatThrownBy(() -> adapter.stream(prompt(Map.of()), (Fragment fragment) -> {}))
                .isInstanceOfSatisfying(LlmException.class, e -> {
                    assertThat(e.kind()).isEqualTo(kind);
                    failure.add(e);
                });
        return failure.getFirst();
    }

    private static Prompt prompt(Map<String, Object> others) {
        return new Prompt(
                "tiny",
                List.of(new Prompt.Turn(Role.USER, "Hello?")),
                new ModelOptions(Optional.empty(), Optional.empty(), Optional.empty(), others));
    }

    private OllamaAdapter patientFor(Duration firstToken, Duration interToken) {
        OllamaSettings settings = OllamaSettings.of(server.address().toString());
        return OllamaAdapter.open(settings.withTimeouts(firstToken, interToken), InstantSource.system());
    }
}
