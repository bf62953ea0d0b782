package dev.parley.protocols.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.Frame;
import dev.parley.protocols.json.JsonLimits;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketDecoderTest {

    private static final SocketLimits LIMITS = new SocketLimits(new JsonLimits(8, 1000, 10_000), 3, 100, 2, 2, 2);

    private final SocketDecoder decoder = new SocketDecoder(LIMITS, JsonReader.verbatim(LIMITS.json()));

    @Test
    void a_client_asks_to_be_let_in() {
        assertThat(read("40")).isEqualTo(new SocketPacket.Connect("/", dev.parley.protocols.json.JsonObject.EMPTY));
        assertThat(read("40/admin,").namespace()).isEqualTo("/admin");
        assertThat(read("40/admin").namespace()).isEqualTo("/admin");
        assertThat(read("40/admin,{\"token\":\"123\"}"))
                .isInstanceOfSatisfying(
                        SocketPacket.Connect.class,
                        connect -> assertThat(connect.auth().requiredText("token")).isEqualTo("123"));
    }

    @Test
    void a_client_leaves() {
        assertThat(read("41")).isEqualTo(new SocketPacket.Disconnect("/"));
        assertThat(read("41/admin,")).isEqualTo(new SocketPacket.Disconnect("/admin"));
    }

    @Test
    void events_have_a_name_arguments_and_perhaps_an_id() {
        assertThat(read("42[\"foo\"]"))
                .isEqualTo(new SocketPacket.Event("/", OptionalLong.empty(), "foo", Payload.EMPTY));
        assertThat(read("42/admin,[\"bar\",1]"))
                .isEqualTo(new SocketPacket.Event(
                        "/admin", OptionalLong.empty(), "bar", Payload.of(new JsonValue.Numeral("1"))));
        assertThat(read("4212[\"foo\",null]"))
                .isEqualTo(new SocketPacket.Event(
                        "/", OptionalLong.of(12), "foo", Payload.of(JsonValue.Nothing.NOTHING)));
        assertThat(read("43/admin,13[\"bar\"]"))
                .isEqualTo(new SocketPacket.Ack("/admin", 13, Payload.of("bar")));
        assertThat(read("430[]")).isEqualTo(new SocketPacket.Ack("/", 0, Payload.EMPTY));
    }

    @Test
    void bytes_that_come_behind_are_put_in() {
        assertThat(add("452-/admin,7[\"baz\",{\"_placeholder\":true,\"num\":0},{\"x\":{\"_placeholder\":true,\"num\":1}}]"))
                .isInstanceOf(SocketDecoder.Decoded.Partial.class);
        assertThat(decoder.add(Frame.binary(new byte[] {1, 2}))).isInstanceOf(SocketDecoder.Decoded.Partial.class);
        assertThat(decoder.add(Frame.binary(new byte[] {3}))).isInstanceOfSatisfying(
                SocketDecoder.Decoded.Whole.class, whole -> {
                    SocketPacket.Event event = (SocketPacket.Event) whole.packet();
                    assertThat(event.id()).hasValue(7);
                    assertThat(event.arguments().bytes(event.arguments().values().getFirst()).orElseThrow())
                            .containsExactly(1, 2);
                    assertThat(event.arguments()
                            .object(1)
                            .flatMap(x -> x.get("x"))
                            .flatMap(event.arguments()::bytes)
                            .orElseThrow())
                            .containsExactly(3);
                });
        assertThat(read("42[\"foo\"]")).isNotNull();
    }

    @Test
    void what_is_read_is_written_the_same() {
        add("461-15[\"bar\",{\"_placeholder\":true,\"num\":0}]");
        SocketPacket.Ack ack =
                (SocketPacket.Ack) ((SocketDecoder.Decoded.Whole) decoder.add(Frame.binary(new byte[] {1, 2, 3, 4}))).packet();
        List<Frame> written = SocketEncoder.ack("/", 15, ack.arguments());
        assertThat(written.getFirst().text()).isEqualTo("461-15[\"bar\",{\"_placeholder\":true,\"num\":0}]");
        assertThat(written.getLast().utf8()).containsExactly(1, 2, 3, 4);
        assertThat(SocketEncoder.event("/", OptionalLong.empty(), "baz", Payload.of("x").with(new byte[] {9}), Optional.empty())
                .getFirst()
                .text())
                .isEqualTo("451-[\"baz\",\"x\",{\"_placeholder\":true,\"num\":0}]");
        assertThat(SocketEncoder.ack("/admin", 13, Payload.of("bar")).getFirst().text())
                .isEqualTo("43/admin,13[\"bar\"]");
        assertThat(SocketEncoder.connected("/admin", "s", Optional.of("p")).text())
                .isEqualTo("40/admin,{\"sid\":\"s\",\"pid\":\"p\"}");
        assertThat(SocketEncoder.refused("/", "Not authorized", Optional.empty()).text())
                .isEqualTo("44{\"message\":\"Not authorized\"}");
        assertThat(SocketEncoder.disconnected("/admin").text()).isEqualTo("41/admin,");
        assertThat(SocketEncoder.event("/", "x", Optional.of("7"), json -> json.value(1)).text())
                .isEqualTo("42[\"x\",1,\"7\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "4", "4abc", "4b", "47", "40\"text\"", "40[]", "40[1", "40null", "41{}", "41[]", "42", "42{}", "42[]", "42\"foo\"",
        "42[true]",
        "42[\"connect\"]", "42[\"disconnect\"]", "42[\"foo\"]x", "42[\"foo\"", "42/admin,", "43[\"no id\"]", "4312{}", "44{}",
        "44",
        "45[\"no count\"]", "451[\"x\"]", "45-[\"x\"]", "454-[\"too many\"]", "4599999-[\"x\"]", "421234567890123456[\"x\"]",
        "450-[\"x\",{\"_placeholder\":true,\"num\":0}]", "42[\"deep\",[[[[[[[[1]]]]]]]]]", "2", "hello", "42\u0000[\"x\"]"
    })
    void everything_else_is_broken(String message) {
        assertThat(add(message)).as(message).isInstanceOf(SocketDecoder.Decoded.Broken.class);
    }

    @Test
    void a_namespace_with_a_name_without_end_is_broken() {
        assertThat(add("40/" + "x".repeat(300))).isInstanceOf(SocketDecoder.Decoded.Broken.class);
    }

    @Test
    void bytes_must_belong_to_a_packet() {
        assertThat(decoder.add(Frame.binary(new byte[1]))).isInstanceOf(SocketDecoder.Decoded.Broken.class);
        add("451-[\"x\",{\"_placeholder\":true,\"num\":0}]");
        assertThat(add("42[\"foo\"]")).isInstanceOf(SocketDecoder.Decoded.Broken.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1", "0.5", "\"0\"", "1e1", "null"})
    void a_placeholder_must_stand_for_bytes_that_are_there(String number) {
        add("451-[\"x\",{\"_placeholder\":true,\"num\":" + number + "}]");
        assertThat(decoder.add(Frame.binary(new byte[1]))).isInstanceOf(SocketDecoder.Decoded.Broken.class);
    }

    @Test
    void too_many_bytes_are_broken() {
        add("452-[\"x\"]");
        decoder.add(Frame.binary(new byte[60]));
        assertThat(decoder.add(Frame.binary(new byte[60]))).isInstanceOf(SocketDecoder.Decoded.Broken.class);
    }

    @Test
    void an_object_that_looks_like_a_placeholder_is_one_only_where_bytes_are() {
        SocketPacket.Event event = (SocketPacket.Event) read("42[\"x\",{\"_placeholder\":true,\"num\":0}]");
        assertThat(event.arguments().bytes(event.arguments().values().getFirst())).isEmpty();
        assertThat(SocketEncoder.event("/", event.id(), "x", event.arguments(), Optional.empty()))
                .hasSize(1);
    }

    @Test
    void random_packets_never_throw() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String letters = "0123456-/,[]{}\":_placeholdernumtrue \\u00e9";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder("4");
            int length = random.nextInt(30);
            for (int j = 0; j < length; j++) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            byte[] bytes = new byte[random.nextInt(10)];
            random.nextBytes(bytes);
            SocketDecoder fresh = new SocketDecoder(LIMITS, JsonReader.verbatim(LIMITS.json()));
            try {
                fresh.add(Frame.text(text.toString()));
                fresh.add(Frame.binary(bytes));
                fresh.add(Frame.of(bytes));
            } catch (RuntimeException thrown) {
                throw new AssertionError("Expected nothing to be thrown, seed " + seed + ", text " + text, thrown);
            }
        }
    }

    private SocketDecoder.Decoded add(String message) {
        return decoder.add(Frame.text(message));
    }

    private SocketPacket read(String message) {
        SocketDecoder.Decoded decoded = add(message);
        assertThat(decoded).as(message).isInstanceOf(SocketDecoder.Decoded.Whole.class);
        return ((SocketDecoder.Decoded.Whole) decoded).packet();
    }
}
