package dev.parley.adapter.redis;

import dev.parley.domain.limit.RateLimiter;
import dev.parley.testkit.live.LiveFixture;
import dev.parley.testkit.live.RateLimiterContract;

final class RedisRateLimiterTest extends RateLimiterContract {

    @Override
    protected LiveFixture<RateLimiter> fixture() {
        return RedisFixture.of(RedisAdapter::limiter);
    }
}
