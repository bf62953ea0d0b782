package dev.parley.adapter.embedded.memory;

import dev.parley.domain.live.Leases;
import dev.parley.testkit.live.LeasesContract;
import dev.parley.testkit.live.LiveFixture;

final class MemoryLeasesTest extends LeasesContract {

    @Override
    protected LiveFixture<Leases> fixture() {
        return MemoryFixture.of(LiveMemory::leases);
    }
}
