package dev.parley.adapter.redis;

import dev.parley.domain.reply.StreamLog;
import dev.parley.testkit.live.LiveFixture;
import dev.parley.testkit.live.StreamLogContract;
import java.time.Duration;

final class RedisStreamLogTest extends StreamLogContract {

    @Override
    protected LiveFixture<StreamLog> fixture() {
        return RedisFixture.of(RedisAdapter::streams);
    }

    @Override
    protected Duration keptAfterEnd() {
        return RedisAdapter.Retention.DEFAULT.ended();
    }

    @Override
    protected Duration keptWhenAbandoned() {
        return RedisAdapter.Retention.DEFAULT.abandoned();
    }
}
