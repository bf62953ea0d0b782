package dev.parley.adapter.embedded.memory;

import dev.parley.domain.live.EventBus;
import dev.parley.testkit.live.EventBusContract;
import dev.parley.testkit.live.LiveFixture;

final class MemoryEventBusTest extends EventBusContract {

    @Override
    protected LiveFixture<EventBus> fixture() {
        return MemoryFixture.of(LiveMemory::bus);
    }
}
