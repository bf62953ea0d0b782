package dev.parley.adapter.embedded.memory;

import dev.parley.domain.live.Presence;
import dev.parley.testkit.live.LiveFixture;
import dev.parley.testkit.live.PresenceContract;

final class MemoryPresenceTest extends PresenceContract {

    @Override
    protected LiveFixture<Presence> fixture() {
        return MemoryFixture.of(LiveMemory::presence);
    }
}
