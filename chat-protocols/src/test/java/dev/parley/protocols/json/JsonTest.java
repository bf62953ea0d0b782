package dev.parley.protocols.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocols.Closing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void any_text_comes_back_as_it_was_written() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                text.appendCodePoint(random.nextInt(4) == 0 ? random.nextInt(0x110000) : random.nextInt(0x80));
            }
            String clean = WireText.clean(text.toString());
            byte[] json = new JsonWriter(1).begin().field("t", clean).end().toUtf8();

            assertThat(read(json).requiredText("t")).as("seed %d", seed).isEqualTo(clean);
        }
    }

    @Test
    void lone_surrogates_are_written_as_the_replacement_character() {
        assertThat(new JsonWriter().value("a\ud800b\udc00").toString()).isEqualTo("\"a\uFFFDb\uFFFD\"");
    }

    @Test
    void numbers_are_written_plainly() {
        JsonWriter json = new JsonWriter().beginItems();
        json.value(1L).value(2.5).value(3.0).value(Double.NaN).value(-0.001);
        assertThat(json.endItems().toString()).isEqualTo("[1,2.5,3,null,-0.001]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "[]", "\"x\"", "12", "{", "{\"a\":}", "{\"a\":1}}", "{\"a\":1} {}", "{'a':1}",
        "{\"a\":NaN}", "{\"a\":01}"})
    void what_is_no_object_is_unreadable(String text) {
        assertThat(JsonReader.STANDARD.read(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(JsonReading.Unreadable.class);
    }

    @Test
    void beyond_the_limits_it_is_hostile() {
        JsonReader reader = new JsonReader(new JsonLimits(3, 10, 100));

        assertThat(reader.read(utf8("{\"a\":{\"b\":[]}}"))).isInstanceOf(JsonReading.Read.class);
        assertThat(reader.read(utf8("{\"a\":{\"b\":[[]]}}"))).isInstanceOfSatisfying(
                JsonReading.Hostile.class,
                hostile -> assertThat(hostile.reason()).isEqualTo(Closing.Reason.INVALID_TEXT));
        assertThat(reader.read(utf8("{\"a\":\"" + "x".repeat(11) + "\"}"))).isInstanceOfSatisfying(
                JsonReading.Hostile.class,
                hostile -> assertThat(hostile.reason()).isEqualTo(Closing.Reason.TOO_LARGE));
        assertThat(reader.read(utf8("{\"a\":\"" + " ".repeat(200) + "\"}"))).isInstanceOfSatisfying(
                JsonReading.Hostile.class,
                hostile -> assertThat(hostile.reason()).isEqualTo(Closing.Reason.TOO_LARGE));
    }

    @Test
    void whole_numbers_are_whole_and_bounded() {
        JsonObject object = read(utf8("{\"a\":3.0,\"b\":2e2,\"c\":1e999999999,\"d\":1.5,\"e\":99999999999999999999,\"f\":null}"));

        assertThat(object.whole("a")).hasValue(3);
        assertThat(object.whole("b")).hasValue(200);
        assertThat(object.whole("f")).isEmpty();
        for (String name : new String[] {"c", "d", "e"}) {
            assertThatThrownBy(() -> object.whole(name)).isInstanceOf(FieldException.class).hasMessageContaining(name);
        }
    }

    @Test
    void a_field_of_the_wrong_kind_says_what_was_expected() {
        assertThatThrownBy(() -> read(utf8("{\"a\":[]}")).text("a")).hasMessage("Expected a to be a text, found an array");
    }

    @Test
    void times_have_milliseconds() {
        assertThat(WireTime.format(Instant.parse("2026-11-21T12:00:00Z"))).isEqualTo("2026-11-21T12:00:00.000Z");
        assertThat(WireTime.wholeSeconds(Duration.ofMillis(1))).isEqualTo(1);
        assertThat(WireTime.wholeSeconds(Duration.ofSeconds(2))).isEqualTo(2);
    }

    private static JsonObject read(byte[] json) {
        return switch (JsonReader.STANDARD.read(json)) {
            case JsonReading.Read read -> read.object();
            case JsonReading.Unreadable no -> throw new AssertionError(no.detail());
            case JsonReading.Hostile no -> throw new AssertionError(no.detail());
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
