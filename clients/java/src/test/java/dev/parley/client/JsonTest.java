package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void what_is_written_is_read_again() {
        Map<String, Object> all = Map.of(
                "text", "a\"b\\c\n\t\u0001 😀 é", "whole", 9_007_199_254_740_993L, "broken", -1.5e-7, "yes", true, "no", false,
                "list", List.of(1L, "two", List.of(), Map.of()), "half", "\ud83d");
        assertThat(Json.parse(Json.write(all))).contains(all);
    }

    @Test
    void escapes_and_spaces_are_understood_and_nulls_left_out() {
        assertThat(Json.parse(" { \"a\" : [ null , 1 , \"\\u00e9\\/\\b\\f\\r\" ] , \"b\" : null } "))
                .contains(Map.of("a", List.of(1L, "é/\b\f\r")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[", "\"", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "[1 2]", "tru", "nul", "+1",
        ".5", "1x",
        "{} x", "\"\\x\"", "\"\\u12\"", "\"\\uzzzz\"", "\"a\nb\"", "'a'", "{a:1}", "\u0000", "--1", "1e"})
    void what_is_no_json_is_nothing(String text) {
        assertThat(Json.parse(text)).isEmpty();
    }

    @Test
    void what_is_nested_too_deep_is_nothing() {
        assertThat(Json.parse("[".repeat(100) + "]".repeat(100))).isPresent();
        assertThat(Json.parse("[".repeat(100_000) + "]".repeat(100_000))).isEmpty();
        assertThat(Json.parse("{\"a\":".repeat(100_000))).isEmpty();
    }

    @Test
    void a_field_of_another_kind_is_empty() {
        Frame frame = Json.frame("{\"a\":1,\"b\":\"x\",\"c\":{\"d\":[{},7]},\"e\":1.5,\"f\":true}").orElseThrow();
        assertThat(frame.text("a")).isEmpty();
        assertThat(frame.number("b")).isEmpty();
        assertThat(frame.whole("e")).isEmpty();
        assertThat(frame.number("e")).contains(1.5);
        assertThat(frame.truth("a")).isFalse();
        assertThat(frame.part("c").orElseThrow().parts("d")).hasSize(1);
        assertThat(frame.texts("c")).isEmpty();
        assertThat(frame.text("nothing")).isEqualTo(Optional.empty());
        assertThat(Json.frame("[1]")).isEmpty();
        assertThat(Json.frame("null")).isEmpty();
    }
}
