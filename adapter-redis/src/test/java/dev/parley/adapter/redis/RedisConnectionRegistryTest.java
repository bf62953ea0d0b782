package dev.parley.adapter.redis;

import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.testkit.live.ConnectionRegistryContract;
import dev.parley.testkit.live.LiveFixture;

final class RedisConnectionRegistryTest extends ConnectionRegistryContract {

    @Override
    protected LiveFixture<ConnectionRegistry> fixture() {
        return RedisFixture.of(RedisAdapter::connections);
    }
}
