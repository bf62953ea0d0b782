package dev.parley.adapter.embedded.memory;

import dev.parley.domain.limit.RateLimiter;
import dev.parley.testkit.live.LiveFixture;
import dev.parley.testkit.live.RateLimiterContract;

final class MemoryRateLimiterTest extends RateLimiterContract {

    @Override
    protected LiveFixture<RateLimiter> fixture() {
        return MemoryFixture.of(LiveMemory::limiter);
    }
}
