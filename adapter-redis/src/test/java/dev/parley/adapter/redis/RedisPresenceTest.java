package dev.parley.adapter.redis;

import dev.parley.domain.live.Presence;
import dev.parley.testkit.live.LiveFixture;
import dev.parley.testkit.live.PresenceContract;

final class RedisPresenceTest extends PresenceContract {

    @Override
    protected LiveFixture<Presence> fixture() {
        return RedisFixture.of(RedisAdapter::presence);
    }
}
