package dev.parley.adapter.redis;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.embedded.system.SystemTimers;
import dev.parley.adapter.embedded.system.TimeOrderedIds;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One node as a server has it, with timers of its own, in real time. */
final class TestNode implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long nothing is heard before a connection for listening is given up. */
    static final Duration SILENCE = Duration.ofMillis(600);

    final List<TelemetryEvent> told = new CopyOnWriteArrayList<>();
    final SystemTimers timers = SystemTimers.start();
    final LiveMemory memory = LiveMemory.create(InstantSource.system(), timers);
    final RedisAdapter adapter;

    private TestNode(RedisSettings settings, Duration silence) {
        this.adapter = RedisAdapter.connect(
                settings,
                new RedisAdapter.Local(memory.bus(), memory.streams()),
                new TimeOrderedIds(InstantSource.system()),
                timers,
                told::add,
                new RedisAdapter.Options(() -> new byte[0], Duration.ofMillis(100), silence));
    }

    /** One that is connected. */
    static TestNode on(RedisSettings settings) {
        return connected(away(settings), settings);
    }

    /** One that is connected and never gives up listening. */
    static TestNode patient(RedisSettings settings) {
        return connected(new TestNode(quick(settings), PATIENCE.multipliedBy(10)), settings);
    }

    private static TestNode connected(TestNode node, RedisSettings settings) {
        if (!node.adapter.awaitConnection(PATIENCE)) {
            node.close();
            throw new AssertionError("Expected to be connected with " + settings.place());
        }
        return node;
    }

    /** One that need not be connected. */
    static TestNode away(RedisSettings settings) {
        return new TestNode(quick(settings), SILENCE);
    }

    private static RedisSettings quick(RedisSettings settings) {
        return settings.withTimeouts(Duration.ofMillis(500), Duration.ofMillis(300));
    }

    @Override
    public void close() {
        adapter.close();
        memory.close();
        timers.close();
    }
}
