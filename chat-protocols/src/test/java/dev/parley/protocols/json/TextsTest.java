package dev.parley.protocols.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

    private final Texts texts = Texts.load();

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void every_code_has_a_text_of_its_own_in_both_languages(ErrorCode code) {
        String english = texts.error(code, Texts.Language.ENGLISH);
        String portuguese = texts.error(code, Texts.Language.PORTUGUESE);

        assertThat(english).isNotBlank().isNotEqualTo(code.name()).doesNotEndWith(".");
        assertThat(portuguese).isNotBlank().isNotEqualTo(english).doesNotEndWith(".");
    }

    @ParameterizedTest
    @EnumSource(Phrase.class)
    void every_phrase_has_a_text_of_its_own_in_both_languages_with_the_same_places_for_values(Phrase phrase) {
        String english = texts.phrase(phrase, Texts.Language.ENGLISH);
        String portuguese = texts.phrase(phrase, Texts.Language.PORTUGUESE);

        assertThat(english).isNotBlank().isNotEqualTo(phrase.name());
        assertThat(portuguese).isNotBlank().isNotEqualTo(english);
        assertThat(places(portuguese)).isEqualTo(places(english));
    }

    private static Set<String> places(String text) {
        return Pattern.compile("\\{[^}]*}").matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"texts.properties", "texts_pt_BR.properties"})
    void a_bundle_holds_what_is_told_and_nothing_else(String bundle) throws IOException {
        Properties properties = new Properties();
        try (InputStream bytes = Texts.class.getResourceAsStream(bundle)) {
            properties.load(new InputStreamReader(bytes, StandardCharsets.UTF_8));
        }
        Set<String> told = Stream.concat(Stream.of(ErrorCode.values()), Stream.of(Phrase.values()))
                .map(Enum::name)
                .collect(Collectors.toSet());
        assertThat(properties.stringPropertyNames()).isEqualTo(told);
    }

    @Test
    void the_texts_that_the_documents_fix_are_exact() {
        assertThat(texts.error(ErrorCode.RATE_LIMIT, Texts.Language.ENGLISH)).isEqualTo("Rate limit exceeded");
        assertThat(printed(Phrase.TICKET_CACHED))
                .isEqualTo("Resposta em cache - ticket já foi processado anteriormente");
        assertThat(printed(Phrase.NO_MODEL_SERVER)).isEqualTo("OLLAMA_SERVER não configurado");
        assertThat(printed(Phrase.TOPICS_CONNECTED)).isEqualTo("Conectado ao Cidadão.AI em tempo real");
        assertThat(printed(Phrase.TOPICS_FAILED)).isEqualTo("Erro ao processar mensagem");
        assertThat(texts.phrase(Phrase.TOPICS_SUBSCRIBED, Texts.Language.PORTUGUESE, "42"))
                .isEqualTo("Inscrito para atualizações da investigação 42");
    }

    private String printed(Phrase phrase) {
        return texts.phrase(phrase, Texts.Language.PORTUGUESE);
    }

    @Test
    void values_stand_in_a_text_as_they_are() {
        assertThat(texts.phrase(Phrase.TOPICS_SUBSCRIBED, Texts.Language.ENGLISH, "$1 {0} \\"))
                .isEqualTo("Subscribed to updates of the investigation $1 {0} \\");
        assertThat(texts.phrase(Phrase.TOPICS_SUBSCRIBED, Texts.Language.ENGLISH)).endsWith("{0}");
    }

    @Test
    void what_a_browser_accepts_is_read_by_weight() {
        assertThat(Texts.Language.accepted("en;q=0.5, pt-BR, *;q=0.1, de;q=0")).containsExactly("pt-BR", "en");
        assertThat(Texts.Language.accepted("en, pt")).containsExactly("en", "pt");
        assertThat(Texts.Language.accepted("")).isEmpty();
        assertThat(Texts.Language.accepted(", ;q=1,en;q=soon,fr;level=1")).containsExactly("fr");
        assertThat(Texts.Language.accepted("x,".repeat(100_000))).hasSizeLessThan(30);
    }

    @Test
    void the_first_language_that_is_known_is_taken() {
        assertThat(Texts.Language.preferred(List.of("de", "pt-PT", "en"))).isEqualTo(Texts.Language.PORTUGUESE);
        assertThat(Texts.Language.preferred(List.of("en-GB", "pt"))).isEqualTo(Texts.Language.ENGLISH);
        assertThat(Texts.Language.preferred(List.of("ptx", "ja"))).isEqualTo(Texts.Language.ENGLISH);
    }
}
