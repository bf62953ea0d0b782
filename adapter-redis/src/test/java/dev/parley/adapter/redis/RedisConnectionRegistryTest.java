package dev.parley.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.session.SessionId;
import dev.parley.testkit.live.ConnectionRegistryContract;
import dev.parley.testkit.live.LiveFixture;
import dev.parley.testkit.live.RealRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisConnectionRegistryTest extends ConnectionRegistryContract {

    private static final ConnectionInfo KNOWN = new ConnectionInfo(
            new ConnectionId("c"),
            new NodeId("one"),
            Optional.of(new SessionId("room")),
            new UserId("ana"),
            "chat",
            Instant.parse("2026-01-01T00:00:00Z"),
            Instant.parse("2026-01-01T00:00:01Z"),
            true);

    @Override
    protected LiveFixture<ConnectionRegistry> fixture() {
        return RedisFixture.of(RedisAdapter::connections);
    }

    @Override
    protected Optional<Duration> nodeLife() {
        return Optional.of(RedisConnectionRegistry.NODE_LIFE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "order", "counts", "nodes"})
    void what_was_evicted_in_part_is_listed_and_counted_right_when_it_is_put_there_again(String evicted) {
        RealRedis redis = TestRedis.shared();
        RedisSettings settings = RedisSettings.of(redis.address()).withPrefix(TestRedis.prefix());
        try (TestNode node = TestNode.on(settings)) {
            ConnectionRegistry connections = node.adapter.connections();
            connections.put(KNOWN);
            assertThat(redis.ask("DEL", settings.prefix() + "{connections}:" + evicted)).isEqualTo(":1");
            assertThat(connections.all(new PageRequest(0, 10)).items()).isEmpty();
            connections.put(KNOWN);
            assertThat(connections.all(new PageRequest(0, 10)).items()).containsExactly(KNOWN);
            assertThat(connections.countOf(KNOWN.user())).isEqualTo(1);
            connections.remove(KNOWN.id());
            assertThat(connections.countOf(KNOWN.user())).isZero();
        }
    }
}
