package dev.parley.integration.nodes;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.embedded.system.SystemTimers;
import dev.parley.testkit.store.InMemoryBlobStore;
import dev.parley.testkit.store.InMemoryConversationStore;
import java.time.InstantSource;

/** Everything in the memory of this process. */
final class MemoryParts implements SharedParts {

    private final SystemTimers timers = SystemTimers.start();
    private final LiveMemory live = LiveMemory.create(InstantSource.system(), timers);
    private final InMemoryConversationStore store = new InMemoryConversationStore();
    private final InMemoryBlobStore blobs = new InMemoryBlobStore();

    @Override
    public Parts another(InstantSource clock) {
        return Parts.of(
                store,
                blobs,
                live.streams(),
                live.bus(),
                live.presence(),
                live.limiter(),
                live.leases(),
                live.connections());
    }

    @Override
    public void close() {
        live.close();
        timers.close();
    }
}
