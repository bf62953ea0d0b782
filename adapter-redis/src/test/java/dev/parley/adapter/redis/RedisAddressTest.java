package dev.parley.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.adapter.redis.RedisSettings.Login;
import dev.parley.adapter.redis.RedisSettings.Server;
import dev.parley.adapter.redis.RedisSettings.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisAddressTest {

    @Test
    void an_address_of_one_server_has_its_usual_port_and_first_database() {
        RedisSettings settings = RedisSettings.of(" redis://cache ");
        assertThat(settings.topology()).isEqualTo(new Topology.Single(new Server("cache", 6379)));
        assertThat(settings.database()).isZero();
        assertThat(settings.encrypted()).isFalse();
        assertThat(settings.login()).isEmpty();
        assertThat(settings.prefix()).isEqualTo("parley:");
    }

    @Test
    void everything_can_be_said_in_it() {
        RedisSettings settings =
                RedisSettings.of("REDISS://us%40er:p%3Aa%2Fs%40s+1@[::1]:7000/3?prefix=chat:&ca=/etc/redis%20ca.pem");
        assertThat(settings.topology()).isEqualTo(new Topology.Single(new Server("::1", 7000)));
        assertThat(settings.login()).contains(new Login(Optional.of("us@er"), "p:a/s@s+1"));
        assertThat(settings.database()).isEqualTo(3);
        assertThat(settings.encrypted()).isTrue();
        assertThat(settings.prefix()).isEqualTo("chat:");
        assertThat(settings.trusted()).contains(Path.of("/etc/redis ca.pem"));
    }

    @Test
    void a_password_needs_no_user() {
        assertThat(RedisSettings.of("redis://:secret@cache/").login()).contains(new Login(Optional.empty(), "secret"));
    }

    @Test
    void sentinels_are_named_with_what_they_call_the_primary() {
        RedisSettings settings = RedisSettings.of(
                "redis+sentinel://u:p@s1,s2:26380/main/2?sentinel_user=watcher&sentinel_password=w");
        assertThat(settings.topology())
                .isEqualTo(new Topology.Sentinel(
                        List.of(new Server("s1", 26379), new Server("s2", 26380)),
                        "main",
                        Optional.of(new Login(Optional.of("watcher"), "w"))));
        assertThat(settings.login()).contains(new Login(Optional.of("u"), "p"));
        assertThat(settings.database()).isEqualTo(2);
    }

    @Test
    void a_cluster_is_named_by_some_of_its_servers() {
        RedisSettings settings = RedisSettings.of("rediss+cluster://a:7000,b");
        assertThat(settings.topology())
                .isEqualTo(new Topology.Cluster(List.of(new Server("a", 7000), new Server("b", 6379))));
        assertThat(settings.encrypted()).isTrue();
    }

    @Test
    void no_password_is_ever_shown() {
        RedisSettings settings =
                RedisSettings.of("redis+sentinel://user:hidden1@s1/main?sentinel_password=hidden2");
        assertThat(settings.toString()).contains("user").doesNotContain("hidden");
        assertThat(settings.place()).isEqualTo("main by sentinels [s1:26379]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cache:6379",
                "http://cache",
                "redis://",
                "redis://:6379",
                "redis://cache:0",
                "redis://cache:65536",
                "redis://cache:port",
                "redis://cache/first",
                "redis://cache/-1",
                "redis://cache/1/2",
                "redis://a,b",
                "redis://secret@cache",
                "redis://u:%zz@cache",
                "redis://[::1/0",
                "redis://cache?prefix",
                "redis://cache?colour=red",
                "redis://cache?prefix=",
                "redis://cache?prefix={x}",
                "redis://cache?ca=/x.pem",
                "redis://cache?sentinel_password=secret",
                "redis+sentinel://s1",
                "redis+sentinel://s1/main/first",
                "redis+sentinel://s1/main/0/0",
                "redis+cluster://a/1",
                "redis+cluster://a,,b"
            })
    void what_is_no_such_address_is_refused_without_repeating_a_password(String address) {
        assertThatThrownBy(() -> RedisSettings.of(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Expected")
                .hasMessageNotContaining("secret");
    }
}
