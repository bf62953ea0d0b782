package dev.parley.adapter.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.application.event.Event;
import dev.parley.domain.live.Hint;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.testkit.wire.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketTest {

    private static final int MAX = 100_000;

    private final HostFixture fixture = new HostFixture(
            HostSettings.STANDARD.withMaxFrame(MAX),
            dev.parley.protocols.connection.ConnectionSettings.STANDARD);

    @AfterEach
    void end() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, MAX})
    void frames_of_every_length_come_and_go(int length) throws IOException {
        try (RawClient client = fixture.open()) {
            String text = "x".repeat(length);
            client.send(RawClient.text(text));
            assertThat(client.next().text()).isEqualTo(text);
        }
    }

    @Test
    void a_message_may_come_in_fragments_with_a_ping_between() throws IOException {
        try (RawClient client = fixture.open()) {
            byte[] whole = "grün €uro 😀".getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = 0; i < whole.length; i++) {
                int first = (i == 0 ? 1 : 0) | (i == whole.length - 1 ? 0x80 : 0);
                bytes.write(RawClient.frame(first, new byte[] {whole[i]}));
                if (i == 3) {
                    bytes.write(RawClient.frame(0x89, new byte[] {7}));
                }
            }
            client.send(bytes.toByteArray());
            RawClient.Received pong = client.read();
            assertThat(pong.opcode()).isEqualTo(10);
            assertThat(pong.payload()).containsExactly(7);
            assertThat(client.next().text()).isEqualTo("grün €uro 😀");
        }
    }

    @Test
    void bytes_may_come_one_by_one() throws IOException {
        try (RawClient client = fixture.open()) {
            for (byte single : RawClient.text("slow but whole " + "y".repeat(200))) {
                client.send(new byte[] {single});
            }
            assertThat(client.next().text()).startsWith("slow but whole yyy");
        }
    }

    @Test
    void ten_thousand_frames_at_once_are_answered_in_order() throws Exception {
        try (RawClient client = fixture.open()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = 0; i < 10_000; i++) {
                bytes.write(RawClient.text("message " + i));
            }
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    client.send(bytes.toByteArray());
                } catch (IOException gone) {
                    throw new java.io.UncheckedIOException(gone);
                }
            });
            for (int i = 0; i < 10_000; i++) {
                assertThat(client.next().text()).isEqualTo("message " + i);
            }
            sender.join();
        }
    }

    @Test
    void what_many_threads_tell_at_once_arrives_whole_and_in_each_ones_order() throws Exception {
        int threads = 8;
        // Less than may wait for one client, should the thread that writes get no processor meanwhile.
        int each = 1_800;
        try (RawClient client = fixture.open()) {
            List<Thread> senders = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                senders.add(Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < each; i++) {
                        fixture.engine.tell(new Event.Announced(thread + " " + i, Hint.Level.INFO));
                    }
                }));
            }
            int[] next = new int[threads];
            for (int i = 0; i < threads * each; i++) {
                String[] words = client.next().text().split(" ", -1);
                int thread = Integer.parseInt(words[0]);
                assertThat(Integer.parseInt(words[1])).isEqualTo(next[thread]++);
            }
            for (Thread sender : senders) {
                sender.join();
            }
        }
    }

    @Test
    void a_frame_that_is_too_long_is_seen_by_its_header() throws IOException {
        try (RawClient client = fixture.open()) {
            byte[] frame = RawClient.text("x".repeat(MAX + 1));
            client.send(java.util.Arrays.copyOf(frame, 14));
            assertThat(client.next().text()).isEqualTo("closing too_large");
            assertThat(client.next().closing()).isEqualTo("1009 too_large");
        }
    }

    @Test
    void a_frame_that_claims_to_be_endless_is_too_long() throws IOException {
        try (RawClient client = fixture.open()) {
            for (long length : new long[] {Long.MAX_VALUE, -1}) {
                ByteBuffer header = ByteBuffer.allocate(14).put((byte) 0x81).put((byte) 0xff);
                client.send(header.putLong(length).putInt(0).array());
            }
            assertThat(client.next().text()).isEqualTo("closing too_large");
            assertThat(client.next().closing()).isEqualTo("1009 too_large");
        }
    }

    @Test
    void fragments_count_together() throws IOException {
        try (RawClient client = fixture.open()) {
            client.send(RawClient.frame(0x01, new byte[MAX]));
            client.send(RawClient.frame(0x00, new byte[1]));
            assertThat(client.next().text()).isEqualTo("closing too_large");
            assertThat(client.next().closing()).isEqualTo("1009 too_large");
        }
    }

    @Test
    void endless_empty_fragments_are_too_many() throws IOException {
        try (RawClient client = fixture.open()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(RawClient.frame(0x01, new byte[0]));
            for (int i = 0; i < 17_000; i++) {
                bytes.write(RawClient.frame(0x00, new byte[0]));
            }
            client.send(bytes.toByteArray());
            assertThat(client.next().text()).isEqualTo("closing too_large");
            assertThat(client.next().closing()).isEqualTo("1009 too_large");
        }
    }

    @Test
    void text_that_is_no_unicode_closes_with_1007() throws IOException {
        try (RawClient client = fixture.open()) {
            client.send(RawClient.frame(0x81, new byte[] {(byte) 0xc3, (byte) 0x28}));
            assertThat(client.next().closing()).startsWith("1007 ");
            assertThat(client.ended()).isTrue();
        }
        HostFixtureEnd.assertEmpty(fixture);
    }

    @Test
    void bytes_come_back_as_bytes_whole_or_in_fragments() throws IOException {
        try (RawClient client = fixture.open()) {
            byte[] bytes = {0, -1, (byte) 0xc3, 0x28};
            client.send(RawClient.frame(0x82, bytes));
            RawClient.Received whole = client.next();
            assertThat(whole.opcode()).isEqualTo(2);
            assertThat(whole.payload()).isEqualTo(bytes);
            client.send(RawClient.frame(0x02, new byte[] {0, -1}));
            client.send(RawClient.frame(0x00, new byte[0]));
            client.send(RawClient.frame(0x80, new byte[] {(byte) 0xc3, 0x28}));
            RawClient.Received together = client.next();
            assertThat(together.opcode()).isEqualTo(2);
            assertThat(together.payload()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void what_the_protocol_forbids_closes_with_1002(String what, List<byte[]> frames) throws IOException {
        try (RawClient client = fixture.open()) {
            for (byte[] frame : frames) {
                client.send(frame);
            }
            assertThat(client.next().closing()).as(what).startsWith("1002");
            assertThat(client.ended()).isTrue();
        }
        HostFixtureEnd.assertEmpty(fixture);
    }

    static Stream<Arguments> what_the_protocol_forbids_closes_with_1002() {
        byte[] word = {'x'};
        return Stream.of(
                arguments("a fragment of nothing", List.of(RawClient.frame(0x80, word))),
                arguments("a message within another", List.of(RawClient.frame(0x01, word), RawClient.frame(0x81, word))),
                arguments("a ping in fragments", List.of(RawClient.frame(0x09, word))),
                arguments("an unknown kind of frame", List.of(RawClient.frame(0x83, word))),
                arguments("half a closing code", List.of(RawClient.frame(0x88, word))),
                arguments("a closing code of nobody", List.of(RawClient.frame(0x88, new byte[] {0x03, (byte) 0xed}))));
    }

    @Test
    void a_close_without_a_code_is_a_normal_one() throws IOException {
        try (RawClient client = fixture.open()) {
            client.send(RawClient.frame(0x88, new byte[0]));
            assertThat(client.next().closing()).startsWith("1000");
            assertThat(client.ended()).isTrue();
        }
        HostFixtureEnd.assertEmpty(fixture);
    }

    @Test
    void what_comes_behind_a_close_is_not_heard() throws IOException {
        try (RawClient client = fixture.open()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(RawClient.text("before"));
            bytes.write(RawClient.frame(0x88, new byte[] {0x03, (byte) 0xe8}));
            bytes.write(RawClient.text("behind"));
            bytes.write(RawClient.frame(0x89, new byte[0]));
            client.send(bytes.toByteArray());
            RawClient.Received next = client.next();
            // What was said before is answered if there is still time.
            RawClient.Received last = next.opcode() == 8 ? next : client.next();
            assertThat(last.closing()).startsWith("1000");
            assertThat(client.ended()).isTrue();
        }
        HostFixtureEnd.assertEmpty(fixture);
    }

    @Test
    void frames_without_a_mask_or_with_unknown_bits_are_refused() throws IOException {
        try (RawClient client = fixture.open()) {
            client.send(new byte[] {(byte) 0x81, 1, 'x'});
            assertThat(client.next().text()).isEqualTo("closing protocol");
            assertThat(client.next().closing()).isEqualTo("1008 protocol");
        }
        try (RawClient client = fixture.open()) {
            client.send(RawClient.frame(0xc1, new byte[] {1, 2, 3}));
            assertThat(client.next().text()).isEqualTo("closing protocol");
        }
    }

    @Test
    void a_client_that_closes_gets_its_close_back_and_the_connection_ends() throws IOException {
        try (RawClient client = fixture.open()) {
            client.send(RawClient.frame(0x88, new byte[] {0x03, (byte) 0xe8}));
            assertThat(client.next().closing()).startsWith("1000");
            assertThat(client.ended()).isTrue();
        }
        HostFixtureEnd.assertEmpty(fixture);
        assertThat(fixture.telemetry)
                .filteredOn(TelemetryEvent.ConnectionClosed.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        TelemetryEvent.ConnectionClosed.class,
                        closed -> assertThat(closed.code()).isEqualTo(1000));
    }

    @Test
    void the_server_closes_behind_its_last_words_and_waits_for_the_answer() throws IOException {
        try (RawClient client = fixture.open()) {
            client.send(RawClient.text("one"));
            client.send(RawClient.text("bye"));
            assertThat(client.next().text()).isEqualTo("one");
            assertThat(client.next().text()).isEqualTo("closing asked");
            assertThat(client.next().closing()).isEqualTo("1000 asked");
            client.send(RawClient.frame(0x88, new byte[] {0x03, (byte) 0xe8}));
            assertThat(client.ended()).isTrue();
        }
        HostFixtureEnd.assertEmpty(fixture);
    }

    @Test
    void what_the_engine_says_about_the_connection_reaches_the_client_as_a_code() throws IOException {
        try (RawClient client = fixture.open()) {
            fixture.engine.tell(new Event.Disconnecting(Event.Cause.TOKEN_EXPIRED, Optional.empty()));
            assertThat(client.next().text()).isEqualTo("closing expired");
            assertThat(client.next().closing()).isEqualTo("4500 expired");
        }
    }

    @Test
    void a_client_that_is_just_gone_is_noticed() throws IOException {
        RawClient client = fixture.open();
        client.reset();
        HostFixtureEnd.assertEmpty(fixture);
        assertThat(fixture.telemetry)
                .filteredOn(TelemetryEvent.ConnectionClosed.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        TelemetryEvent.ConnectionClosed.class,
                        closed -> assertThat(closed.code()).isEqualTo(1006));
    }

    @Test
    void a_host_that_ends_tells_everybody_and_lets_nobody_in() throws IOException {
        try (RawClient client = fixture.open()) {
            fixture.host.stopAccepting();
            try (RawClient late = new RawClient(fixture.port())) {
                assertThat(late.handshake("/ws/s1?token=ann")).startsWith("HTTP/1.1 503 ");
            }
            client.send(RawClient.text("still served"));
            assertThat(client.next().text()).isEqualTo("still served");
            Thread ending = Thread.ofVirtual().start(fixture::close);
            assertThat(client.next().text()).isEqualTo("closing drain");
            assertThat(client.next().closing()).isEqualTo("1001 drain");
            client.send(RawClient.frame(0x88, new byte[] {0x03, (byte) 0xe9}));
            assertThat(client.ended()).isTrue();
            join(ending);
        }
        HostFixtureEnd.assertEmpty(fixture);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** Waits until nothing of any connection is left. */
    private static final class HostFixtureEnd {
        private HostFixtureEnd() {}

        static void assertEmpty(HostFixture fixture) {
            try {
                HostFixture.eventually(() -> fixture.engine.links.isEmpty()
                        && fixture.host.count() == 0
                        && fixture.host.slots().taken() == 0);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }
}
