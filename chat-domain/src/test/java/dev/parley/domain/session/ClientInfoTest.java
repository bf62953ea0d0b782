package dev.parley.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientInfoTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "::ffff:192.0.2.7, 192.0.2.7",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
        "2001:db8:1:2::1, 2001:db8:1:2::/64",
        "2001:db8:1:3::1, 2001:db8:1:3::/64",
        "::1, 0:0:0:0::/64",
        "'', ''",
        "2001:db8::1, 2001:db8:0:0::/64",
        "2001:db8::2:3:4:5, 2001:db8:0:0::/64",
        "fe80:0:0:0:1:2:3:4%eth0, fe80:0:0:0::/64",
        "no:address, no:address",
    })
    void an_address_of_the_sixth_version_counts_by_what_its_holder_cannot_choose(String address, String network) {
        assertThat(new ClientInfo("", address, "").network()).isEqualTo(network);
    }
}
