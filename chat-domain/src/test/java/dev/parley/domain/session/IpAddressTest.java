package dev.parley.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "0.0.0.0, 0.0.0.0",
        "::, 0:0:0:0:0:0:0:0",
        "::1, 0:0:0:0:0:0:0:1",
        "2001:DB8::7, 2001:db8:0:0:0:0:0:7",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1::8, 1:0:0:0:0:0:0:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "fe80::1%eth0, fe80:0:0:0:0:0:0:1",
        "::ffff:192.0.2.7, 192.0.2.7",
        "::ffff:c000:207, 192.0.2.7",
        "64:ff9b::192.0.2.7, 64:ff9b:0:0:0:0:c000:207",
    })
    void an_address_has_one_spelling(String text, String spelling) {
        assertThat(IpAddress.parse(text)).hasToString("Optional[" + spelling + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.-4", "a.b.c.d", "localhost", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "12345::", "g::1", "1.2.3.4::", "::1.2.3", "1:2:3:4:5:6:7::8", "٣.1.1.1"
    })
    void what_is_no_address_is_none(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @Test
    void addresses_begin_alike_for_so_many_bits() {
        IpAddress one = IpAddress.parse("10.1.0.0").orElseThrow();
        IpAddress other = IpAddress.parse("10.1.128.0").orElseThrow();
        assertThat(one.beginsLike(other, 16)).isTrue();
        assertThat(one.beginsLike(other, 17)).isFalse();
        assertThat(one.beginsLike(other, 0)).isTrue();
        assertThat(one.beginsLike(IpAddress.parse("::").orElseThrow(), 0)).isFalse();
        assertThat(one).isEqualTo(IpAddress.parse("::ffff:10.1.0.0").orElseThrow()).isNotEqualTo(other);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, true", "127.9.9.9, true", "::1, true", "::ffff:127.0.0.1, true", "128.0.0.1, false", "::2, false",
        "1::1, false"})
    void some_are_a_computers_own(String text, boolean own) {
        assertThat(IpAddress.parse(text).orElseThrow().loopback()).isEqualTo(own);
    }
}
