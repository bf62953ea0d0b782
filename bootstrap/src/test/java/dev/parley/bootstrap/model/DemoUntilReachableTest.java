package dev.parley.bootstrap.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.Role;
import dev.parley.testkit.llm.ScriptedModel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DemoUntilReachableTest {

    private final ScriptedModel real = ScriptedModel.named("llama").answerAll("real");
    private final ScriptedModel demo = ScriptedModel.named("demo").answerAll("demo");
    private final AtomicBoolean reachable = new AtomicBoolean();
    private final ModelSource source = DemoUntilReachable.source(
            new DemoUntilReachable.Models(real, real), reachable::get, "there", new DemoUntilReachable.Models(demo, demo));

    @Test
    void it_looks_again_every_time() {
        assertThat(names()).containsExactly("demo");
        reachable.set(true);
        assertThat(names()).containsExactly("llama");
        assertThat(source.standing().get()).isEqualTo(ModelSource.Standing.UP);
        reachable.set(false);
        assertThat(names()).containsExactly("demo");
        assertThat(source.standing().get()).isEqualTo(ModelSource.Standing.DEMO);
    }

    @Test
    void what_was_chosen_is_what_answers() throws Exception {
        source.streamer().stream(asking("demo"), fragment -> {});
        reachable.set(true);
        source.streamer().stream(asking("llama"), fragment -> {});

        assertThat(demo.requests()).isEqualTo(1);
        assertThat(real.requests()).isEqualTo(1);
    }

    @Test
    void a_model_chosen_while_the_server_was_there_is_not_replaced_in_silence() {
        real.away(true);

        assertThatThrownBy(() -> source.streamer().stream(asking("llama"), fragment -> {})).isInstanceOf(LlmException.class);
        assertThat(demo.requests()).isZero();
    }

    @Test
    void where_there_is_none_every_question_fails() {
        ModelSource none = AbsentModel.source();

        assertThat(none.standing().get()).isEqualTo(ModelSource.Standing.ABSENT);
        assertThatThrownBy(() -> none.catalog().models())
                .isInstanceOfSatisfying(LlmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(LlmException.Kind.UNAVAILABLE));
    }

    private List<String> names() {
        return source.catalog().models().stream().map(Model::name).toList();
    }

    private static Prompt asking(String model) {
        return new Prompt(model, List.of(new Prompt.Turn(Role.USER, "?")), ModelOptions.DEFAULT);
    }
}
