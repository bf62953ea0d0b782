package dev.parley.adapter.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.event.Event;
import dev.parley.domain.live.Hint;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.testkit.wire.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateTest {

    private static final int MAX = 100_000;

    private final HostFixture fixture =
            new HostFixture(HostSettings.STANDARD.withMaxFrame(MAX), ConnectionSettings.STANDARD);

    @AfterEach
    void end() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; server_max_window_bits=15; client_max_window_bits=12",
                "permessage-deflate; server_max_window_bits=9, permessage-deflate"
            })
    void a_client_that_can_is_answered_without_takeover(String offer) throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            String head = client.handshake("/ws?token=ann", "Sec-WebSocket-Extensions: " + offer);
            assertThat(head.lines().filter(line -> line.startsWith("Sec-WebSocket-Extensions: ")))
                    .singleElement()
                    .asString()
                    .matches(
                            "Sec-WebSocket-Extensions: permessage-deflate; ?server_no_context_takeover; ?client_no_context_takeover");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"permessage-deflate; server_max_window_bits=9", "permessage-bzip2", "x-webkit-deflate-frame"})
    void what_cannot_be_done_is_not_agreed_on(String offer) throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            assertThat(client.handshake("/ws?token=ann", "Sec-WebSocket-Extensions: " + offer))
                    .startsWith("HTTP/1.1 101 ")
                    .doesNotContain("Sec-WebSocket-Extensions");
        }
    }

    @Test
    void large_frames_are_compressed_and_small_ones_are_not() throws Exception {
        try (RawClient client = compressing()) {
            String large = "the same words again and again ".repeat(100);
            fixture.engine.tell(new Event.Announced("small", Hint.Level.INFO));
            fixture.engine.tell(new Event.Announced(large, Hint.Level.INFO));
            fixture.engine.tell(new Event.Announced(large, Hint.Level.INFO));
            RawClient.Received small = client.next();
            assertThat(small.compressed()).isFalse();
            assertThat(small.text()).isEqualTo("small");
            for (int i = 0; i < 2; i++) {
                RawClient.Received compressed = client.next();
                assertThat(compressed.compressed()).isTrue();
                assertThat(compressed.payload().length).isLessThan(large.length() / 5);
                assertThat(RawClient.inflated(compressed.payload())).isEqualTo(large);
            }
        }
    }

    @Test
    void whatever_is_compressed_comes_back_the_same() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (RawClient client = compressing()) {
            for (int i = 0; i < 200; i++) {
                StringBuilder text = new StringBuilder();
                int length = random.nextInt(30_000);
                while (text.length() < length) {
                    text.append((char) ('a' + random.nextInt(i % 26 + 1)));
                }
                byte[] plain = text.toString().getBytes(StandardCharsets.UTF_8);
                client.send(
                        random.nextBoolean()
                                ? RawClient.frame(0xc1, RawClient.deflated(plain))
                                : RawClient.frame(0x81, plain));
                RawClient.Received answer = client.next();
                String back = answer.compressed() ? RawClient.inflated(answer.payload()) : answer.text();
                assertThat(back).as("seed %d, message %d", seed, i).isEqualTo(text.toString());
            }
        }
    }

    @Test
    void a_compressed_message_may_come_in_fragments() throws Exception {
        try (RawClient client = compressing()) {
            String text = "compressed and cut ".repeat(30) + "€";
            byte[] payload = RawClient.deflated(text.getBytes(StandardCharsets.UTF_8));
            int half = payload.length / 2;
            client.send(RawClient.frame(0x41, Arrays.copyOf(payload, half)));
            client.send(RawClient.frame(0x80, Arrays.copyOfRange(payload, half, payload.length)));
            client.send(RawClient.text("and a plain one"));
            assertThat(client.next().text()).isEqualTo(text);
            assertThat(client.next().text()).isEqualTo("and a plain one");
        }
    }

    @Test
    void a_message_that_inflates_beyond_the_limit_is_too_large() throws Exception {
        try (RawClient client = compressing()) {
            byte[] bomb = RawClient.deflated(new byte[50 << 20]);
            assertThat(bomb.length).isLessThan(MAX);
            client.send(RawClient.frame(0xc1, bomb));
            assertThat(client.next().closing()).isEqualTo("1009 too_large");
            assertThat(client.ended()).isTrue();
        }
        HostFixture.eventually(() -> fixture.engine.links.isEmpty());
    }

    @Test
    void what_cannot_be_inflated_is_invalid() throws Exception {
        try (RawClient client = compressing()) {
            client.send(RawClient.frame(0xc1, new byte[] {-1, -1, -1, -1, -1, -1}));
            assertThat(client.next().closing()).isEqualTo("1007 invalid");
        }
    }

    @Test
    void only_the_beginning_of_a_message_says_that_it_is_compressed() throws Exception {
        try (RawClient client = compressing()) {
            byte[] payload = RawClient.deflated(new byte[100]);
            client.send(RawClient.frame(0x41, payload));
            client.send(RawClient.frame(0xc0, payload));
            assertThat(client.next().closing()).startsWith("1002");
        }
    }

    private RawClient compressing() throws Exception {
        return RawClient.open(fixture.port(), "/ws?token=ann", "Sec-WebSocket-Extensions: permessage-deflate");
    }
}
