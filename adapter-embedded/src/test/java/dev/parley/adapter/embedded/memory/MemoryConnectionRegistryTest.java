package dev.parley.adapter.embedded.memory;

import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.testkit.live.ConnectionRegistryContract;
import dev.parley.testkit.live.LiveFixture;

final class MemoryConnectionRegistryTest extends ConnectionRegistryContract {

    @Override
    protected LiveFixture<ConnectionRegistry> fixture() {
        return MemoryFixture.of(LiveMemory::connections);
    }
}
