package dev.parley.protocols.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {

    private static final TrustedProxies PROXIES = TrustedProxies.of(List.of("10.0.0.0/8", "fd00::/8", "192.0.2.99"));

    @Test
    void nobody_is_believed_who_is_not_trusted() {
        Map<String, List<String>> headers = headers(
                "x-forwarded-for", "203.0.113.7", "x-forwarded-proto", "https", "forwarded", "for=203.0.113.7;proto=https");
        assertThat(PROXIES.peer("198.51.100.1", "http", headers))
                .isEqualTo(new Peer("198.51.100.1", "http", Optional.of("inner:8080")));
        assertThat(TrustedProxies.none().peer("10.0.0.1", "http", headers).address()).isEqualTo("10.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // peer | X-Forwarded-For | client
        "10.0.0.1 | 203.0.113.7 | 203.0.113.7",
        "10.0.0.1 | 203.0.113.7:5123 | 203.0.113.7",
        "10.0.0.1 | 1.2.3.4, 203.0.113.7 | 203.0.113.7",
        "10.0.0.1 | 203.0.113.7, 10.0.0.2 | 203.0.113.7",
        "10.0.0.1 | 1.2.3.4, 203.0.113.7, 192.0.2.99, 10.0.0.2 | 203.0.113.7",
        "10.0.0.1 | 10.0.0.3, 10.0.0.2 | 10.0.0.3",
        "10.0.0.1 | 2001:db8::7 | 2001:db8:0:0:0:0:0:7",
        "10.0.0.1 | [2001:db8::7]:443 | 2001:db8:0:0:0:0:0:7",
        "10.0.0.1 | ::ffff:203.0.113.7 | 203.0.113.7",
        "fd00::5 | 203.0.113.7 | 203.0.113.7",
        "::ffff:10.0.0.1 | 203.0.113.7 | 203.0.113.7",
        "10.0.0.1 | unknown | 10.0.0.1",
        "10.0.0.1 | 1.2.3.4, evil.example | 10.0.0.1",
        "10.0.0.1 | 1.2.3.4, unknown, 10.0.0.2 | 10.0.0.2",
        "10.0.0.1 | '' | 10.0.0.1",
        "10.0.0.1 | \", 203.0.113.7 | 203.0.113.7",
        "10.0.0.1 | \"1.2.3.4, 203.0.113.7 | 203.0.113.7",
        "11.0.0.1 | 203.0.113.7 | 11.0.0.1",
    })
    void the_client_is_the_first_from_the_end_that_is_not_trusted(String peer, String forwarded, String client) {
        assertThat(PROXIES.peer(peer, "http", headers("x-forwarded-for", forwarded)).address()).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "for=203.0.113.7;proto=https;host=chat.example | 203.0.113.7 | https | chat.example",
        "For=\"[2001:db8::7]:4711\";Proto=https | 2001:db8:0:0:0:0:0:7 | https | inner:8080",
        "for=203.0.113.7;proto=https;host=chat.example, for=10.0.0.2;proto=http;host=mid | 203.0.113.7 | https | chat.example",
        "for=1.2.3.4;host=\"a,b;c\", for=203.0.113.7 | 203.0.113.7 | http | inner:8080",
        "for=_hidden;proto=https | 10.0.0.1 | https | inner:8080",
        "proto=https | 10.0.0.1 | https | inner:8080",
        "nonsense | 10.0.0.1 | http | inner:8080",
        "for=\"1.2.3.4, for=203.0.113.7;proto=https | 203.0.113.7 | https | inner:8080",
        "proto=gopher | 10.0.0.1 | http | inner:8080",
    })
    void the_standard_header_tells_address_scheme_and_name(String forwarded, String client, String scheme, String host) {
        assertThat(PROXIES.peer("10.0.0.1", "http", headers("forwarded", forwarded)))
                .isEqualTo(new Peer(client, scheme, Optional.of(host)));
    }

    @Test
    void the_common_headers_tell_scheme_and_name_one_for_all_or_one_for_each() {
        assertThat(PROXIES.peer("10.0.0.1", "http", headers("x-forwarded-proto", "https", "x-forwarded-host", "chat.example")))
                .isEqualTo(new Peer("10.0.0.1", "https", Optional.of("chat.example")));
        assertThat(PROXIES.peer("10.0.0.1", "http", headers(
                "x-forwarded-for", "203.0.113.7, 10.0.0.2", "x-forwarded-proto", "https, http")))
                .isEqualTo(new Peer("203.0.113.7", "https", Optional.of("inner:8080")));
        assertThat(PROXIES.peer("10.0.0.1", "http", headers(
                "x-forwarded-for", "203.0.113.7", "x-forwarded-proto", "wss")))
                .isEqualTo(new Peer("203.0.113.7", "https", Optional.of("inner:8080")));
    }

    @Test
    void what_a_client_slips_past_a_proxy_that_writes_the_other_header_does_not_count() {
        Peer peer = PROXIES.peer("10.0.0.1", "http", headers(
                "x-forwarded-for", "203.0.113.7", "x-forwarded-proto", "https", "forwarded", "for=1.2.3.4;proto=http"));
        assertThat(peer).isEqualTo(new Peer("10.0.0.1", "http", Optional.of("inner:8080")));
        assertThat(PROXIES.peer("10.0.0.1", "http", headers(
                "x-forwarded-for", "203.0.113.7", "x-forwarded-proto", "https", "forwarded", "for=203.0.113.7;proto=https")))
                .isEqualTo(new Peer("203.0.113.7", "https", Optional.of("inner:8080")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "proxy.example", "fd00::/129", "1.2.3", "300.1.1.1"})
    void what_is_no_network_is_refused(String text) {
        assertThatThrownBy(() -> TrustedProxies.of(List.of(text))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void prefixes_may_end_within_a_byte() {
        TrustedProxies proxies = TrustedProxies.of(List.of("172.16.0.0/12", "0.0.0.0/32"));
        Map<String, List<String>> headers = headers("x-forwarded-for", "203.0.113.7");
        assertThat(proxies.peer("172.31.255.255", "http", headers).address()).isEqualTo("203.0.113.7");
        assertThat(proxies.peer("172.32.0.0", "http", headers).address()).isEqualTo("172.32.0.0");
    }

    private static Map<String, List<String>> headers(String... pairs) {
        Map<String, List<String>> headers = new HashMap<>(Map.of("host", List.of("inner:8080")));
        for (int i = 0; i < pairs.length; i += 2) {
            headers.put(pairs[i], List.of(pairs[i + 1]));
        }
        return headers;
    }
}
