package dev.parley.adapter.embedded.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DemoModelTest {

    private final DemoModel model = DemoModel.pausing(Duration.ZERO);

    @Test
    void it_says_what_it_is_and_how_to_get_a_real_model() throws InterruptedException {
        List<Fragment> heard = new ArrayList<>();
        Completion completion = model.stream(prompt(ModelOptions.DEFAULT, "Hi <b>there</b> 😀"), heard::add);
        assertThat(text(heard)).contains("demo", "ollama.com", "`ollama pull", "Hi b there b").doesNotContain("<b>");
        assertThat(heard).hasSizeGreaterThan(50);
        assertThat(completion.reason()).isEqualTo(Completion.Reason.STOP);
        assertThat(completion.completionTokens()).contains(heard.size());
    }

    @Test
    void the_same_conversation_gets_the_same_answer() throws InterruptedException {
        for (String[] turns : new String[][] {{"Hi"}, {"Hi", "And now?"}, {"Show me code"}, {""}, {"😀".repeat(200)}}) {
            List<Fragment> first = new ArrayList<>();
            List<Fragment> second = new ArrayList<>();
            model.stream(prompt(ModelOptions.DEFAULT, turns), first::add);
            model.stream(prompt(ModelOptions.DEFAULT, turns), second::add);
            assertThat(first).isEqualTo(second).isNotEmpty();
        }
    }

    @Test
    void it_keeps_to_the_length_it_is_given() throws InterruptedException {
        List<Fragment> heard = new ArrayList<>();
        ModelOptions three = new ModelOptions(Optional.empty(), Optional.of(3), Optional.empty(), Map.of());
        assertThat(model.stream(prompt(three, "Hi"), heard::add).reason()).isEqualTo(Completion.Reason.LENGTH);
        assertThat(heard).hasSize(3);
    }

    @Test
    void it_can_be_interrupted_while_it_pauses() throws Exception {
        DemoModel slow = DemoModel.pausing(Duration.ofHours(1));
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        CompletableFuture<Fragment> first = new CompletableFuture<>();
        Thread asker = Thread.ofVirtual().start(() -> {
            try {
                outcome.complete(slow.stream(prompt(ModelOptions.DEFAULT, "Hi"), first::complete));
            } catch (InterruptedException e) {
                outcome.complete(e);
            }
        });
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(new Fragment.Text("Hello! "));
        asker.interrupt();
        assertThat(outcome.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void what_the_sink_throws_is_thrown_on() {
        IllegalStateException thrown = new IllegalStateException("Thrown on purpose");
        assertThatThrownBy(() -> model.stream(prompt(ModelOptions.DEFAULT, "Hi"), fragment -> {
            throw thrown;
        }))
                .isSameAs(thrown);
    }

    @Test
    void it_stands_in_for_no_other_model() {
        Prompt other = new Prompt("llama3.2", prompt(ModelOptions.DEFAULT, "Hi").turns(), ModelOptions.DEFAULT);
        assertThatThrownBy(() -> model.stream(other, fragment -> {}))
                .isInstanceOfSatisfying(
                        LlmException.class, e -> assertThat(e.kind()).isEqualTo(LlmException.Kind.NOT_FOUND));
        assertThat(model.find("demo")).isPresent();
    }

    private static Prompt prompt(ModelOptions options, String... users) {
        List<Prompt.Turn> turns = new ArrayList<>();
        for (String user : users) {
            turns.add(new Prompt.Turn(Role.USER, user));
        }
        return new Prompt("demo", turns, options);
    }

    private static String text(List<Fragment> heard) {
        StringBuilder text = new StringBuilder();
        heard.forEach(fragment -> text.append(fragment.text()));
        return text.toString();
    }
}
