package dev.parley.adapter.redis;

import dev.parley.domain.live.Leases;
import dev.parley.testkit.live.LeasesContract;
import dev.parley.testkit.live.LiveFixture;

final class RedisLeasesTest extends LeasesContract {

    @Override
    protected LiveFixture<Leases> fixture() {
        return RedisFixture.of(RedisAdapter::leases);
    }
}
