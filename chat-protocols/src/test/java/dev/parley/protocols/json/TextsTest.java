package dev.parley.protocols.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    @Test
    void the_text_that_the_document_fixes_is_exact() {
        assertThat(texts.error(ErrorCode.RATE_LIMIT, Texts.Language.ENGLISH)).isEqualTo("Rate limit exceeded");
    }

    @Test
    void the_first_language_that_is_known_is_taken() {
        assertThat(Texts.Language.preferred(List.of("de", "pt-PT", "en"))).isEqualTo(Texts.Language.PORTUGUESE);
        assertThat(Texts.Language.preferred(List.of("en-GB", "pt"))).isEqualTo(Texts.Language.ENGLISH);
        assertThat(Texts.Language.preferred(List.of("ptx", "ja"))).isEqualTo(Texts.Language.ENGLISH);
    }
}
