package dev.parley.adapter.redis;

import dev.parley.domain.live.EventBus;
import dev.parley.testkit.live.EventBusContract;
import dev.parley.testkit.live.LiveFixture;

final class RedisEventBusTest extends EventBusContract {

    @Override
    protected LiveFixture<EventBus> fixture() {
        return RedisFixture.of(RedisAdapter::bus);
    }
}
