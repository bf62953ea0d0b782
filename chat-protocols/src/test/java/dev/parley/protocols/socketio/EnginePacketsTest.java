package dev.parley.protocols.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.Frame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnginePacketsTest {

    private static final String LETTERS = "0123456b\u001e[]{}\"-/,=A";

    @Test
    void a_session_opens_with_its_id_and_its_times() {
        EngineSettings settings = EngineSettings.STANDARD
                .withPings(Duration.ofMillis(300), Duration.ofMillis(200))
                .withMaxPayload(1_000_000);
        assertThat(EnginePackets.open("abc", true, settings).text())
                .isEqualTo("0{\"sid\":\"abc\",\"upgrades\":[\"websocket\"],\"pingInterval\":300,\"pingTimeout\":200,"
                        + "\"maxPayload\":1000000}");
        assertThat(EnginePackets.open("abc", false, settings).text()).contains("\"upgrades\":[],");
    }

    @ParameterizedTest
    @CsvSource({"0, OPEN", "1, CLOSE", "2probe, PING", "3, PONG", "4hello, MESSAGE", "5, UPGRADE", "6, NOOP"})
    void a_packet_begins_with_its_type(String packet, EnginePackets.Type type) {
        assertThat(EnginePackets.type(Frame.text(packet))).contains(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "abc", "-", "/"})
    void everything_else_is_no_packet(String text) {
        assertThat(EnginePackets.type(Frame.text(text))).isEmpty();
        assertThat(EnginePackets.packets(text.getBytes(StandardCharsets.UTF_8), 10)).isEmpty();
    }

    @Test
    void bytes_are_a_message() {
        assertThat(EnginePackets.type(Frame.binary(new byte[] {'2'}))).contains(EnginePackets.Type.MESSAGE);
    }

    @Test
    void a_payload_joins_packets_with_record_separators() {
        List<Frame> packets = List.of(Frame.text("4hello"), Frame.text("2"), Frame.text("4€"));
        assertThat(text(EnginePackets.payload(packets))).isEqualTo("4hello\u001e2\u001e4€");
        assertThat(EnginePackets.packets(EnginePackets.payload(packets), 3).orElseThrow().stream().map(Frame::text))
                .containsExactly("4hello", "2", "4€");
    }

    @Test
    void a_payload_carries_bytes_in_base64() {
        byte[] bytes = {1, 2, 3, 4};
        assertThat(text(EnginePackets.payload(List.of(Frame.text("4hello"), Frame.binary(bytes)))))
                .isEqualTo("4hello\u001ebAQIDBA==");
        Frame read = EnginePackets.packets("bAQIDBA==".getBytes(StandardCharsets.UTF_8), 1)
                .orElseThrow()
                .getFirst();
        assertThat(read.binary()).isTrue();
        assertThat(read.utf8()).containsExactly(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4a\u001e", "\u001e4a", "4a\u001e\u001e4b", "bAQ=IDBA", "b!", "4a\u001eabc"})
    void a_payload_with_one_broken_packet_is_broken(String payload) {
        assertThat(EnginePackets.packets(payload.getBytes(StandardCharsets.UTF_8), 10)).isEmpty();
    }

    @Test
    void a_payload_that_is_no_utf8_is_broken() {
        assertThat(EnginePackets.packets(new byte[] {'4', (byte) 0xff}, 10)).isEmpty();
    }

    @Test
    void a_payload_of_too_many_packets_is_broken() {
        byte[] three = "4\u001e4\u001e4".getBytes(StandardCharsets.UTF_8);
        assertThat(EnginePackets.packets(three, 2)).isEmpty();
        assertThat(EnginePackets.packets(three, 3)).isPresent();
    }

    @Test
    void what_is_written_is_read_whatever_it_is_and_random_bytes_never_throw() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                for (int j = 0; j < bytes.length; j++) {
                    bytes[j] = (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
                }
            }
            var packets = EnginePackets.packets(bytes, 100);
            if (packets.isPresent()) {
                assertThat(EnginePackets.packets(EnginePackets.payload(packets.get()), 100).orElseThrow())
                        .as("seed " + seed)
                        .usingRecursiveComparison()
                        .isEqualTo(packets.get());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, '', '', false, UNKNOWN_TRANSPORT",
        "GET, tobi, '', false, UNKNOWN_TRANSPORT",
        "GET, polling, nobody, false, UNKNOWN_SESSION",
        "GET, websocket, nobody, true, UNKNOWN_SESSION",
        "POST, polling, '', false, BAD_HANDSHAKE_METHOD",
        "PUT, polling, '', false, BAD_HANDSHAKE_METHOD",
        "GET, websocket, '', false, BAD_REQUEST",
        "GET, polling, '', true, BAD_REQUEST",
    })
    void a_request_is_refused_as_the_reference_server_does(
            String method, String transport, String sid, boolean upgrade, EngineFault fault) {
        Map<String, String> query = Map.of("EIO", "4", "transport", transport, "sid", sid);
        assertThat(EngineFault.of(method, query, upgrade, "known"::equals)).contains(fault);
    }

    @Test
    void only_the_fourth_version_is_spoken() {
        for (String version : List.of("", "3", "abc", "44")) {
            assertThat(EngineFault.of("GET", Map.of("EIO", version, "transport", "polling"), false, sid -> false))
                    .contains(EngineFault.UNSUPPORTED_VERSION);
        }
        assertThat(EngineFault.of("GET", Map.of("EIO", "4", "transport", "polling"), false, sid -> false))
                .isEmpty();
        assertThat(text(EngineFault.UNKNOWN_SESSION.json())).isEqualTo("{\"code\":1,\"message\":\"Session ID unknown\"}");
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
