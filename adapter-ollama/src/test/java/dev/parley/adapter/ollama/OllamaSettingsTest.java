package dev.parley.adapter.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OllamaSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "http://localhost:11434, http://localhost:11434",
        "http://localhost:11434/, http://localhost:11434",
        "http://localhost:11434/api/generate, http://localhost:11434",
        "http://localhost:11434/api/generate/, http://localhost:11434",
        "http://localhost:11434/api/chat, http://localhost:11434",
        "http://localhost:11434/api, http://localhost:11434",
        "HTTP://models.example, http://models.example",
        "https://models.example/llm/ollama/, https://models.example/llm/ollama",
        "https://models.example/llm/api/generate, https://models.example/llm",
        "localhost, http://localhost:11434",
        "gpu-1:8080, http://gpu-1:8080",
        "' http://[::1]:11434 ', http://[::1]:11434"
    })
    void the_address_is_read_however_it_is_written(String written, String server) {
        assertThat(OllamaSettings.of(written).server()).hasToString(server);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://",
                "ftp://host",
                "http://host name",
                "http://user:secret@host",
                "http://host?x=secret",
                "http://host/#secret"
            })
    void what_is_no_address_is_refused_without_repeating_it(String written) {
        assertThatThrownBy(() -> OllamaSettings.of(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Expected")
                .hasMessageNotContaining("secret");
    }
}
