package dev.parley.adapter.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.error.LlmException.Kind;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.Role;
import dev.parley.testkit.Peers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The adapter with a real Ollama that has a model called {@code tiny} and serves one request at a time. */
final class RealOllamaTest {

    private static final String MODEL = "tiny";

    private OllamaAdapter adapter;

    @BeforeEach
    void open() {
        adapter = OllamaAdapter.open(
                OllamaSettings.of(Peers.require("ollama", "TESTKIT_OLLAMA")), InstantSource.system());
    }

    @AfterEach
    void close() {
        if (adapter != null) {
            adapter.close();
        }
    }

    @Test
    void it_is_reachable_and_lists_the_model() {
        assertThat(adapter.reachable()).isTrue();
        assertThat(adapter.find(MODEL)).map(Model::name).contains("tiny:latest");
        assertThat(adapter.find("gpt-4")).isEmpty();
    }

    @Test
    void an_answer_streams_to_its_length_and_is_repeatable() throws InterruptedException {
        List<Fragment> heard = new ArrayList<>();
        Completion completion = adapter.stream(prompt(options(50)), heard::add);
        assertThat(completion.reason()).isEqualTo(Completion.Reason.LENGTH);
        assertThat(completion.completionTokens()).contains(50);
        assertThat(completion.promptTokens()).isPresent();
        assertThat(heard).hasSizeGreaterThan(10);
        assertThat(textOf(options(50))).isEqualTo(text(heard)).isNotEmpty();
    }

    @Test
    void an_interrupted_answer_frees_the_model_for_the_next() throws Exception {
        textOf(options(5));
        CountDownLatch speaking = new CountDownLatch(20);
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        Thread asker = Thread.ofVirtual().start(() -> {
            try {
                outcome.complete(adapter.stream(prompt(options(1_000_000)), piece -> speaking.countDown()));
            } catch (InterruptedException e) {
                outcome.complete(e);
            }
        });
        assertThat(speaking.await(60, TimeUnit.SECONDS)).isTrue();
        asker.interrupt();
        assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(textOf(options(5))).isNotEmpty();
    }

    @Test
    void a_request_that_waits_for_another_can_be_interrupted() throws Exception {
        CountDownLatch speaking = new CountDownLatch(5);
        Thread first = asking(piece -> speaking.countDown(), new CompletableFuture<>());
        assertThat(speaking.await(60, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        Thread second = asking(piece -> {}, outcome);
        second.interrupt();
        assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        first.interrupt();
        first.join();
        assertThat(textOf(options(5))).isNotEmpty();
    }

    @Test
    void an_unknown_model_is_not_found() {
        assertThatThrownBy(() -> adapter.stream(
                new Prompt("nope", List.of(new Prompt.Turn(Role.USER, "Hello")), options(5)), piece -> {}))
                .isInstanceOfSatisfying(LlmException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void thinking_that_a_model_cannot_is_rejected_when_asked_for() {
        ModelOptions thinking =
                new ModelOptions(Optional.empty(), Optional.of(5), Optional.of(1L), Map.of("think", true));
        assertThatThrownBy(() -> textOf(thinking))
                .isInstanceOfSatisfying(LlmException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REJECTED));
    }

    private Thread asking(Consumer<Fragment> sink, CompletableFuture<Object> outcome) {
        return Thread.ofVirtual().start(() -> {
            try {
                outcome.complete(adapter.stream(prompt(options(1_000_000)), sink));
            } catch (InterruptedException | LlmException e) {
                outcome.complete(e);
            }
        });
    }

    private String textOf(ModelOptions options) throws InterruptedException {
        List<Fragment> heard = new ArrayList<>();
        adapter.stream(prompt(options), heard::add);
        return text(heard);
    }

    private static String text(List<Fragment> heard) {
        StringBuilder text = new StringBuilder();
        heard.forEach(fragment -> text.append(fragment.text()));
        return text.toString();
    }

    private static ModelOptions options(int tokens) {
        return new ModelOptions(Optional.empty(), Optional.of(tokens), Optional.of(7L), Map.of("num_thread", 1));
    }

    private static Prompt prompt(ModelOptions options) {
        return new Prompt(MODEL, List.of(new Prompt.Turn(Role.USER, "Tell me a long story.")), options);
    }
}
