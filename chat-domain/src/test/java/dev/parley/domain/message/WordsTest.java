package dev.parley.domain.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void everything_but_letters_and_digits_parts_words() {
        assertThat(Words.of("don't stop-me: now_42! \"x\" NEAR(y) z*")).containsExactly(
                "don", "t", "stop", "me", "now", "42", "x", "near", "y", "z");
    }

    @Test
    void case_accents_and_compatibility_forms_do_not_count() {
        assertThat(Words.of("ÉTÉ Straße ﬁn İstanbul Ǻ e\u0301te")).containsExactly("ete", "strasse", "fin", "istanbul", "a",
                "ete");
    }

    @Test
    void chinese_and_japanese_characters_are_a_word_each() {
        assertThat(Words.of("你好abc世界カ𠀀")).containsExactly("你", "好", "abc", "世", "界", "カ", "𠀀");
    }

    @Test
    void signs_alone_hold_no_word() {
        assertThat(Words.of(" 😀 👨‍👩‍👧 \u0000 ''--;; \uD800 ")).isEmpty();
    }
}
