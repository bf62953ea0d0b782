package dev.parley.adapter.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.testkit.llm.ModelCatalogContract;
import dev.parley.testkit.llm.ScriptedOllama;
import dev.parley.testkit.llm.ScriptedOllama.Listed;
import dev.parley.testkit.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OllamaCatalogTest extends ModelCatalogContract {

    private final ScriptedOllama server = ScriptedOllama.start();
    private final ManualTime time = new ManualTime();
    private final OllamaAdapter adapter =
            OllamaAdapter.open(OllamaSettings.of(server.address().toString()), time);

    @AfterEach
    void close() {
        adapter.close();
        server.close();
    }

    @Override
    protected ModelCatalog offering(List<String> names) {
        server.listing(names.stream()
                .map(name -> new Listed(name, "llama", Set.of("completion")))
                .toList());
        return adapter;
    }

    @Override
    protected ModelCatalog broken() {
        server.close();
        return adapter;
    }

    @Test
    void what_a_model_is_comes_with_it() {
        assertThat(adapter.models())
                .containsExactly(new Model("tiny:latest", "llama", "0.1M", 524_288, Set.of("completion")));
    }

    @Test
    void what_the_list_does_not_say_of_a_model_is_asked_once() {
        server.listing(
                List.of(new Listed("llava:latest", "llama", Set.of()), new Listed("tiny:latest", "llama", Set.of("completion"))));
        assertThat(adapter.find("llava").orElseThrow().capabilities()).as("nobody can tell yet").isEmpty();
        server.show("completion", "vision");
        assertThat(adapter.find("llava").orElseThrow().capabilities()).containsExactlyInAnyOrder("completion", "vision");
        assertThat(adapter.find("llava").orElseThrow().capabilities()).contains("vision");
        assertThat(adapter.find("tiny").orElseThrow().capabilities()).containsExactly("completion");
        assertThat(server.showRequests()).isEqualTo(2);
    }

    @Test
    void models_that_only_embed_come_last() {
        server.listing(List.of(
                new Listed("vectors:latest", "x", Set.of("embedding")),
                new Listed("nomic-embed-text:latest", "x", Set.of()),
                new Listed("all-minilm:latest", "bert", Set.of()),
                new Listed("newest:8b", "llama", Set.of("completion", "vision")),
                new Listed("older:8b", "llama", Set.of())));
        assertThat(adapter.models())
                .extracting(Model::name)
                .containsExactly(
                        "newest:8b",
                        "older:8b",
                        "vectors:latest",
                        "nomic-embed-text:latest",
                        "all-minilm:latest");
    }

    @Test
    void the_list_is_taken_as_it_was_for_a_moment() {
        adapter.models();
        adapter.find("tiny");
        time.advance(Duration.ofSeconds(4));
        adapter.models();
        assertThat(server.tagRequests()).isEqualTo(1);
        server.listing(List.of());
        time.advance(Duration.ofSeconds(2));
        assertThat(adapter.models()).isEmpty();
        assertThat(server.tagRequests()).isEqualTo(2);
    }

    @Test
    void a_failure_is_not_remembered() {
        try (ScriptedOllama elsewhere = ScriptedOllama.start().below("/proxy");
                OllamaAdapter wrong = OllamaAdapter.open(
                        OllamaSettings.of(elsewhere.address().resolve("/wrong").toString()), time)) {
            assertThatThrownBy(wrong::models).isInstanceOf(LlmException.class);
            elsewhere.below("/wrong");
            assertThat(wrong.models()).hasSize(1);
        }
    }

    @Test
    void whether_it_is_reachable_is_looked_at_every_time() {
        assertThat(adapter.reachable()).isTrue();
        server.close();
        assertThat(adapter.reachable()).isFalse();
    }
}
