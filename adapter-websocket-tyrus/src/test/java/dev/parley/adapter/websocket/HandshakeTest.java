package dev.parley.adapter.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.testkit.wire.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeTest {

    private final HostFixture fixture = new HostFixture();

    @AfterEach
    void end() {
        fixture.close();
    }

    @Test
    void whoever_is_let_in_is_known_to_the_protocol() throws IOException {
        try (RawClient client = new RawClient(fixture.port())) {
            assertThat(client.handshake("/ws/s%3A1?token=ann&since=7", "Accept-Language: en;q=0.5, pt-BR"))
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                    .doesNotContain("Set-Cookie", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions");
            assertThat(client.read().text()).isEqualTo("hello ann {session_id=s:1} {since=7} [pt-BR, en]");
            client.send(RawClient.text("olá"));
            assertThat(client.next().text()).isEqualTo("olá");
        }
    }

    @Test
    void frames_that_come_with_the_handshake_are_not_lost() throws IOException {
        try (RawClient client = new RawClient(fixture.port())) {
            byte[] head = RawClient.request("/ws?token=ann").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            byte[] frame = RawClient.text("early");
            client.send(java.nio.ByteBuffer.allocate(head.length + frame.length)
                    .put(head)
                    .put(frame)
                    .array());
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(client.read().text()).startsWith("hello ann");
            assertThat(client.next().text()).isEqualTo("early");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/ws/s1, 401",
        "/ws/s1?token=, 401",
        "/ws/s1?token=bad, 401",
        "/ws/s1?token=old, 401",
        "/ws/s1?token=revoked, 401",
        "/ws/s1?token=away, 503",
        "/ws/s1/more?token=ann, 404",
        "/elsewhere?token=ann, 404",
        "/ws/%zz?token=ann, 404",
    })
    void whoever_is_not_let_in_is_told_in_plain_http(String target, int status) throws IOException {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(RawClient.request(target));
            String answer = client.readAll();
            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("\r\nContent-Length: 0\r\nConnection: close\r\n")
                    .endsWith("\r\n\r\n")
                    .doesNotContain("Sec-WebSocket", "Upgrade:");
            assertThat(answer.contains("Retry-After: 5\r\n")).isEqualTo(status == 503);
        }
        assertThat(fixture.telemetry).containsExactly(new TelemetryEvent.ConnectionRefused(status));
        assertThat(fixture.engine.links).isEmpty();
    }

    @Test
    void a_refusal_is_exactly_this() throws IOException {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(RawClient.request("/ws/s1"));
            assertThat(client.readAll())
                    .isEqualTo(String.join(
                            "\r\n",
                            "HTTP/1.1 401 Unauthorized",
                            "WWW-Authenticate: Bearer",
                            "Content-Length: 0",
                            "Connection: close",
                            "",
                            ""));
        }
    }

    @Test
    void a_client_that_ignores_its_refusal_gets_nothing_more() throws IOException {
        try (RawClient client = new RawClient(fixture.port())) {
            assertThat(client.handshake("/ws/s1?token=bad")).startsWith("HTTP/1.1 401 ");
            client.send(RawClient.text("let me in"));
            client.send(RawClient.text("let me in"));
            assertThat(client.readAll()).isEmpty();
        }
        assertThat(fixture.engine.links).isEmpty();
        assertThat(fixture.host.slots().taken()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.test, 403",
        "http://chat.test, 101",
        "https://chat.test, 403",
        "http://localhost:3000, 101",
        "null, 403"
    })
    void pages_are_judged_by_their_origin(String origin, int status) throws IOException {
        try (RawClient client = new RawClient(fixture.port())) {
            assertThat(client.handshake("/ws/s1?token=ann", "Host: chat.test", "Origin: " + origin))
                    .startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void a_token_may_come_by_header_or_subprotocol_and_a_subprotocol_is_selected() throws IOException {
        try (RawClient client = new RawClient(fixture.port())) {
            assertThat(client.handshake("/ws/s1", "Authorization: Bearer bob")).startsWith("HTTP/1.1 101 ");
            assertThat(client.read().text()).startsWith("hello bob");
        }
        try (RawClient client = new RawClient(fixture.port())) {
            assertThat(client.handshake("/ws/s1", "Sec-WebSocket-Protocol: parley, bearer.eve"))
                    .contains("Sec-WebSocket-Protocol: parley\r\n")
                    .doesNotContain("eve");
            assertThat(client.read().text()).startsWith("hello eve");
        }
        try (RawClient client = new RawClient(fixture.port())) {
            assertThat(client.handshake("/ws/s1", "Sec-WebSocket-Protocol: bearer.eve"))
                    .contains("Sec-WebSocket-Protocol: bearer.eve\r\n");
        }
    }

    @Test
    void an_unknown_version_is_told_the_right_one() throws IOException {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(RawClient.request("/ws/s1?token=ann").replace("Version: 13", "Version: 12"));
            assertThat(client.readAll()).startsWith("HTTP/1.1 426 ").contains("Sec-WebSocket-Version: 13\r\n");
        }
        assertThat(fixture.host.slots().taken()).isZero();
    }

    @Test
    void a_handshake_without_a_key_is_refused() throws IOException {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(RawClient.request("/ws/s1?token=ann")
                    .replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""));
            assertThat(client.readAll()).startsWith("HTTP/1.1 400 ");
        }
        assertThat(fixture.host.slots().taken()).isZero();
    }

    @Test
    void an_engine_that_cannot_now_is_a_503() throws IOException {
        fixture.engine.broken = true;
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(RawClient.request("/ws/s1?token=ann"));
            assertThat(client.readAll()).startsWith("HTTP/1.1 503 ");
        }
        assertThat(fixture.host.slots().taken()).isZero();
        fixture.engine.broken = false;
        fixture.engine.accepting = false;
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(RawClient.request("/ws/s1?token=ann"));
            assertThat(client.readAll()).startsWith("HTTP/1.1 503 ").contains("Retry-After: 5\r\n");
        }
    }

    @Test
    void whatever_goes_wrong_behind_a_handshake_its_place_is_free_again() throws Exception {
        fixture.engine.faulty = true;
        for (int i = 0; i < 3; i++) {
            try (RawClient client = new RawClient(fixture.port())) {
                client.send(RawClient.request("/ws/s1?token=ann"));
                client.readAll();
            } catch (java.net.SocketException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }
        HostFixture.eventually(() -> fixture.host.slots().taken() == 0);
        fixture.engine.faulty = false;
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(RawClient.request("/ws/s1?token=unspeakable"));
            client.readAll();
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        HostFixture.eventually(() -> fixture.host.slots().taken() == 0 && fixture.engine.links.isEmpty());
    }

    @Test
    void there_are_only_so_many_places() throws Exception {
        try (HostFixture small = new HostFixture(
                Authenticator.Mode.REQUIRED,
                HostSettings.STANDARD,
                ConnectionSettings.STANDARD,
                new ConnectionSlots(3, 2),
                same -> same);
                RawClient first = small.open();
                RawClient second = small.open()) {
            try (RawClient third = new RawClient(small.port())) {
                assertThat(third.handshake("/ws/s1?token=ann"))
                        .startsWith("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\n");
            }
            try (RawClient bob = RawClient.open(small.port(), "/ws?token=bob");
                    RawClient eve = new RawClient(small.port())) {
                assertThat(eve.handshake("/ws/s1?token=eve"))
                        .startsWith("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n");
                bob.send(RawClient.text("still here"));
                assertThat(bob.next().text()).isEqualTo("still here");
            }
            first.close();
            second.close();
            HostFixture.eventually(() -> small.host.slots().taken() == 0);
            assertThat(small.host.count()).isZero();
        }
    }

    @Test
    void strangers_of_one_address_have_the_places_of_one_user() throws Exception {
        try (HostFixture open = new HostFixture(
                Authenticator.Mode.OPTIONAL,
                HostSettings.STANDARD,
                ConnectionSettings.STANDARD,
                new ConnectionSlots(10, 2),
                same -> same);
                RawClient first = RawClient.open(open.port(), "/ws/s1");
                RawClient second = RawClient.open(open.port(), "/ws/s1?client_id=me")) {
            try (RawClient third = new RawClient(open.port())) {
                assertThat(third.handshake("/ws/s1")).startsWith("HTTP/1.1 429 Too Many Requests\r\n");
            }
            RawClient.open(open.port(), "/ws/s1?token=ann").close();
            first.close();
            second.close();
            HostFixture.eventually(() -> open.host.slots().taken() == 0);
            RawClient.open(open.port(), "/ws/s1").close();
        }
    }

    @Test
    void who_needs_no_token_stays_the_same_user_by_cookie_or_parameter() throws Exception {
        try (HostFixture open = new HostFixture(
                Authenticator.Mode.OPTIONAL,
                HostSettings.STANDARD,
                ConnectionSettings.STANDARD,
                new ConnectionSlots(10, 10),
                same -> same)) {
            String hello;
            String cookie;
            try (RawClient client = new RawClient(open.port())) {
                String head = client.handshake("/ws/s1");
                assertThat(head).contains("; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax\r\n");
                int at = head.indexOf("parley_client=");
                cookie = head.substring(at, head.indexOf(';', at));
                hello = client.read().text();
            }
            try (RawClient client = new RawClient(open.port())) {
                assertThat(client.handshake("/ws/s1", "Cookie: a=b; " + cookie)).doesNotContain("Set-Cookie");
                assertThat(client.read().text()).isEqualTo(hello).startsWith("hello anon-");
            }
            try (RawClient client = new RawClient(open.port())) {
                client.handshake("/ws/s1?client_id=me&userId=ann");
                assertThat(client.read().text()).startsWith("hello anon-").isNotEqualTo(hello);
            }
            try (RawClient client = new RawClient(open.port())) {
                assertThat(client.handshake("/ws/s1?token=bad")).startsWith("HTTP/1.1 401 ");
            }
        }
    }
}
