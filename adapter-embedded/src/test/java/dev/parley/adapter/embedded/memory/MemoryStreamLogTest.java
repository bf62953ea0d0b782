package dev.parley.adapter.embedded.memory;

import dev.parley.adapter.embedded.memory.LiveMemory.Retention;
import dev.parley.domain.reply.StreamLog;
import dev.parley.testkit.live.LiveFixture;
import dev.parley.testkit.live.StreamLogContract;
import java.time.Duration;

final class MemoryStreamLogTest extends StreamLogContract {

    @Override
    protected LiveFixture<StreamLog> fixture() {
        return MemoryFixture.of(LiveMemory::streams);
    }

    @Override
    protected Duration keptAfterEnd() {
        return Retention.DEFAULT.ended();
    }

    @Override
    protected Duration keptWhenAbandoned() {
        return Retention.DEFAULT.abandoned();
    }
}
