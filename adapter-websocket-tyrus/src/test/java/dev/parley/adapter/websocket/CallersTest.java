package dev.parley.adapter.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.admission.HostPolicy;
import dev.parley.protocols.admission.TrustedProxies;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.testkit.wire.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where requests come from and whom they were meant for, on sockets and plain HTTP. */
class CallersTest {

    private final HostFixture fixture = new HostFixture(
            Authenticator.Mode.OPTIONAL,
            HostSettings.STANDARD,
            ConnectionSettings.STANDARD,
            new ConnectionSlots(100, 1),
            host -> host.names(HostPolicy.local("127.0.0.1", List.of("https://chat.test")))
                    .proxies(TrustedProxies.of(List.of("127.0.0.0/8")))
                    .http("/", exchange -> {
                        byte[] seen = exchange.peer().toString().getBytes(StandardCharsets.UTF_8);
                        exchange.respond(200, Map.of(), seen.length).write(seen);
                    }));

    @AfterEach
    void end() {
        fixture.close();
    }

    @Test
    void a_name_that_somebody_made_lead_here_leads_nowhere() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(RawClient.request("/ws/s1", "Host: evil.test"));
            assertThat(client.readAll()).startsWith("HTTP/1.1 403 ");
        }
        assertThat(get("Host: evil.test")).startsWith("HTTP/1.1 403 ").contains("problem+json").contains("CORS_ORIGIN");
        assertThat(get("Host: evil.test", "X-Forwarded-Host: localhost")).startsWith("HTTP/1.1 403 ");
        assertThat(get("Host: localhost:" + fixture.port())).startsWith("HTTP/1.1 200 ");
        assertThat(get("Host: chat.test")).startsWith("HTTP/1.1 200 ");
        assertThat(fixture.host.slots().taken()).isZero();
    }

    @Test
    void a_trusted_proxy_tells_who_the_client_is_and_how_it_came() throws Exception {
        assertThat(get("Host: chat.test", "X-Forwarded-For: 1.2.3.4, 203.0.113.7", "X-Forwarded-Proto: https"))
                .endsWith("Peer[address=203.0.113.7, scheme=https, authority=Optional[chat.test]]");
        assertThat(get("Host: chat.test", "Forwarded: for=\"[2001:db8::7]\";proto=https;host=front.test"))
                .endsWith("Peer[address=2001:db8:0:0:0:0:0:7, scheme=https, authority=Optional[front.test]]");
        try (RawClient client = new RawClient(fixture.port());
                RawClient neighbour = new RawClient(fixture.port());
                RawClient same = new RawClient(fixture.port())) {
            String head = client.handshake(
                    "/ws/s1",
                    "Host: chat.test",
                    "X-Forwarded-For: 203.0.113.7",
                    "X-Forwarded-Proto: https",
                    "Origin: https://chat.test");
            assertThat(head).startsWith("HTTP/1.1 101 ").contains("; Secure\r\n");
            assertThat(fixture.engine.callers.values())
                    .singleElement()
                    .satisfies(caller -> assertThat(caller.client().ipAddress()).isEqualTo("203.0.113.7"));
            assertThat(neighbour.handshake("/ws/s1", "X-Forwarded-For: 203.0.113.8")).startsWith("HTTP/1.1 101 ");
            assertThat(same.handshake("/ws/s1", "X-Forwarded-For: 203.0.113.7")).startsWith("HTTP/1.1 429 ");
        }
        try (RawClient other = new RawClient(fixture.port())) {
            assertThat(other.handshake(
                    "/ws/s1", "Host: chat.test", "X-Forwarded-For: 203.0.113.9", "Origin: https://chat.test"))
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    private String get(String... headers) throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send("GET / HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n");
            return client.readAll();
        }
    }
}
