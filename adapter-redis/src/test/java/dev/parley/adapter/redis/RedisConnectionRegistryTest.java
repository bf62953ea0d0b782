package dev.parley.adapter.redis;

import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.testkit.live.ConnectionRegistryContract;
import dev.parley.testkit.live.LiveFixture;
import java.time.Duration;
import java.util.Optional;

final class RedisConnectionRegistryTest extends ConnectionRegistryContract {

    @Override
    protected LiveFixture<ConnectionRegistry> fixture() {
        return RedisFixture.of(RedisAdapter::connections);
    }

    @Override
    protected Optional<Duration> nodeLife() {
        return Optional.of(RedisConnectionRegistry.NODE_LIFE);
    }
}
