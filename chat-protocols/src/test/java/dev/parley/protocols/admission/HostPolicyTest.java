package dev.parley.protocols.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "localhost:8080, true",
        "LOCALHOST.:8080, true",
        "app.localhost:8080, true",
        "127.0.0.1:8080, true",
        "127.1.2.3, true",
        "[::1]:8080, true",
        "[0:0:0:0:0:0:0:1], true",
        "chat.example, true",
        "Chat.Example:443, true",
        "evil.example, false",
        "evil.example:8080, false",
        "localhost.evil.example, false",
        "evillocalhost, false",
        "127.0.0.1.evil.example, false",
        "192.168.1.5:8080, false",
        "[2001:db8::1]:8080, false",
        "'', false",
        "'a b', false",
        "evil.example/@localhost, false",
    })
    void a_server_of_this_computer_alone_answers_to_its_own_names(String authority, boolean expected) {
        HostPolicy policy = HostPolicy.local("127.0.0.1", List.of("https://chat.example"));
        assertThat(policy.allows(Optional.of(authority))).isEqualTo(expected);
    }

    @Test
    void whoever_names_nothing_is_no_browser_and_what_is_open_to_all_pages_is_open_to_all_names() {
        assertThat(HostPolicy.local("127.0.0.1", List.of()).allows(Optional.empty())).isTrue();
        assertThat(HostPolicy.local("127.0.0.1", List.of("*")).allows(Optional.of("evil.example"))).isTrue();
        assertThat(HostPolicy.any().allows(Optional.of("evil.example"))).isTrue();
        assertThat(HostPolicy.local("myhost", List.of()).allows(Optional.of("MyHost:8080"))).isTrue();
    }
}
