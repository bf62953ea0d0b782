package dev.parley.adapter.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.event.Event;
import dev.parley.domain.live.Hint;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.testkit.wire.RawClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.junit.jupiter.api.Test;

/** What clients do to a server when they are slow, silent or gone. */
class EnduranceTest {

    @Test
    void a_client_that_does_not_read_is_closed_with_4000_and_others_are_not_disturbed() throws Exception {
        try (HostFixture fixture = new HostFixture(
                HostSettings.STANDARD, ConnectionSettings.STANDARD.withOutbound(256 << 10));
                RawClient slow = new RawClient(fixture.port(), 16 << 10)) {
            assertThat(slow.handshake("/ws/s1?token=slow")).startsWith("HTTP/1.1 101 ");
            try (RawClient quick = fixture.open()) {
                Event large = new Event.Announced("x".repeat(10_000), Hint.Level.INFO);
                int told = 0;
                while (fixture.engine.links.size() == 2) {
                    if (told == 2_000) {
                        // Far more than may wait for it: its end is only to be carried out, on a machine that may be busy.
                        HostFixture.eventually(() -> fixture.engine.links.size() == 1);
                        break;
                    }
                    fixture.engine.tell(large);
                    assertThat(quick.next().payload()).hasSize(10_000);
                    told++;
                }
                quick.send(RawClient.text("still here"));
                RawClient.Received next = quick.next();
                while (next.payload().length == 10_000) {
                    next = quick.next();
                }
                assertThat(next.text()).isEqualTo("still here");
            }
            assertThat(slow.next().text()).startsWith("hello");
            RawClient.Received frame = slow.next();
            while (frame.payload().length == 10_000) {
                frame = slow.next();
            }
            assertThat(frame.text()).isEqualTo("closing slow");
            assertThat(slow.next().closing()).isEqualTo("4000 slow");
        }
    }

    @Test
    void a_client_that_never_reads_again_is_cut_off() throws Exception {
        HostSettings settings = new HostSettings(
                "127.0.0.1",
                0,
                1,
                1 << 20,
                16 << 10,
                true,
                Duration.ofSeconds(30),
                Duration.ofMillis(300),
                Duration.ofHours(1),
                Duration.ofSeconds(1));
        try (HostFixture fixture = new HostFixture(settings, ConnectionSettings.STANDARD.withOutbound(64 << 10));
                RawClient slow = new RawClient(fixture.port(), 16 << 10)) {
            assertThat(slow.handshake("/ws/s1?token=slow")).startsWith("HTTP/1.1 101 ");
            Event large = new Event.Announced("x".repeat(10_000), Hint.Level.INFO);
            HostFixture.eventually(() -> {
                fixture.engine.tell(large);
                return fixture.engine.links.isEmpty();
            });
            HostFixture.eventually(() -> fixture.host.slots().taken() == 0);
        }
    }

    @Test
    void text_for_a_client_that_is_slow_for_a_while_is_merged_and_complete() throws Exception {
        try (HostFixture fixture = new HostFixture();
                RawClient slow = new RawClient(fixture.port(), 16 << 10)) {
            slow.handshake("/ws/s1?token=slow");
            slow.read();
            SessionId session = new SessionId("s1");
            MessageId reply = new MessageId("r1");
            StringBuilder whole = new StringBuilder();
            Event filler = new Event.Announced("f".repeat(10_000), Hint.Level.INFO);
            for (int i = 0; i < 50; i++) {
                fixture.engine.tell(filler);
            }
            for (int i = 0; i < 20_000; i++) {
                String piece = "token" + i + " ";
                fixture.engine.tell(new Event.ReplyGrew(session, reply, whole.length(), piece));
                whole.append(piece);
            }
            StringBuilder seen = new StringBuilder();
            int frames = 0;
            while (seen.length() < whole.length()) {
                RawClient.Received frame = slow.next();
                if (frame.payload().length != 10_000 || frame.payload()[0] != 'f') {
                    seen.append(frame.text());
                    frames++;
                }
            }
            assertThat(seen).hasToString(whole.toString());
            assertThat(frames).isLessThan(20_000);
        }
    }

    @Test
    void who_answers_pings_stays_and_who_does_not_is_gone_with_4001() throws Exception {
        ConnectionSettings quick = ConnectionSettings.STANDARD.withTimes(Duration.ofSeconds(1), Duration.ZERO);
        try (HostFixture fixture = new HostFixture(HostSettings.STANDARD, quick);
                RawClient alive = fixture.open();
                RawClient dead = fixture.open()) {
            for (int i = 0; i < 3; i++) {
                RawClient.Received ping = alive.read();
                assertThat(ping.opcode()).isEqualTo(9);
                alive.send(RawClient.frame(0x8a, ping.payload()));
            }
            assertThat(dead.read().opcode()).isEqualTo(9);
            assertThat(dead.read().text()).isEqualTo("closing timeout");
            assertThat(dead.read().closing()).isEqualTo("4001 timeout");
        }
    }

    @Test
    void silence_ends_a_socket_although_it_answers_pings() throws Exception {
        ConnectionSettings quick = ConnectionSettings.STANDARD.withTimes(Duration.ofMillis(300), Duration.ofMillis(1500));
        try (HostFixture fixture = new HostFixture(HostSettings.STANDARD, quick);
                RawClient client = fixture.open()) {
            RawClient.Received frame = client.read();
            while (frame.opcode() == 9) {
                client.send(RawClient.frame(0x8a, frame.payload()));
                frame = client.read();
            }
            assertThat(frame.text()).isEqualTo("closing timeout");
            assertThat(client.read().closing()).isEqualTo("4001 timeout");
        }
    }

    @Test
    void a_socket_outlives_the_pause_that_ends_an_http_connection() throws Exception {
        HostSettings settings = new HostSettings(
                "127.0.0.1",
                0,
                1,
                1 << 20,
                64 << 10,
                true,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofHours(1),
                Duration.ofSeconds(1));
        try (HostFixture fixture = new HostFixture(settings, ConnectionSettings.STANDARD);
                RawClient client = fixture.open();
                RawClient http = new RawClient(fixture.port())) {
            http.send("GET /nothing HTTP/1.1\r\nHost: chat.test\r\n\r\n");
            assertThat(http.readHead()).startsWith("HTTP/1.1 404 ");
            http.readAll();
            client.send(RawClient.text("still here"));
            assertThat(client.next().text()).isEqualTo("still here");
        }
    }

    @Test
    void hundreds_of_clients_get_every_frame_of_a_fan_out() throws Exception {
        try (HostFixture fixture = new HostFixture()) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                clients.add(fixture.open());
            }
            Thread teller = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 200; i++) {
                    fixture.engine.tell(new Event.Announced("frame " + i, Hint.Level.INFO));
                }
            });
            for (RawClient client : clients) {
                for (int i = 0; i < 200; i++) {
                    assertThat(client.next().text()).isEqualTo("frame " + i);
                }
            }
            teller.join();
            for (RawClient client : clients) {
                close(client);
            }
            HostFixture.eventually(() -> fixture.engine.links.isEmpty());
        }
    }

    @Test
    void nothing_is_kept_of_connections_that_are_gone() throws Exception {
        try (HostFixture fixture = new HostFixture()) {
            for (int i = 0; i < 50; i++) {
                try (RawClient client = fixture.open();
                        RawClient refused = new RawClient(fixture.port())) {
                    client.send(RawClient.text("here"));
                    assertThat(client.next().text()).isEqualTo("here");
                    assertThat(refused.handshake("/ws/s1")).startsWith("HTTP/1.1 401 ");
                }
            }
            HostFixture.eventually(() -> networkConnections() < 50);
        }
    }

    /** How many connections the server knows of, in all of this process. */
    private static long networkConnections() {
        try {
            Object histogram = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            return String.valueOf(histogram)
                    .lines()
                    .filter(line -> line.contains(TCPNIOConnection.class.getName()))
                    .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[1]))
                    .sum();
        } catch (JMException unknown) {
            throw new AssertionError(unknown);
        }
    }

    private static void close(RawClient client) {
        try {
            client.close();
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }
}
