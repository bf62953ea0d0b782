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

    /** How long a hasty one hears nothing before it gives its connection for listening up. */
    private static final Duration SILENCE = Duration.ofMillis(600);

    /** How long writers on a hasty one wait for Redis. */
    private static final Duration SOON = Duration.ofMillis(100);

    final List<TelemetryEvent> told = new CopyOnWriteArrayList<>();
    final SystemTimers timers = SystemTimers.start();
    final LiveMemory memory = LiveMemory.create(InstantSource.system(), timers);
    final RedisAdapter adapter;

    private TestNode(RedisSettings settings, Duration writingPatience, Duration silence) {
        this.adapter = RedisAdapter.connect(
                settings,
                new RedisAdapter.Local(memory.bus(), memory.streams()),
                new TimeOrderedIds(InstantSource.system()),
                timers,
                told::add,
                new RedisAdapter.Options(() -> new byte[0], writingPatience, silence));
    }

    /** One that is connected, and waits for whatever is not dead: nothing happens because this machine is busy. */
    static TestNode on(RedisSettings settings) {
        return connected(away(settings), settings);
    }

    /** As {@link #on}; it need not be connected. */
    static TestNode away(RedisSettings settings) {
        return new TestNode(settings.withTimeouts(PATIENCE, PATIENCE), PATIENCE, PATIENCE.multipliedBy(10));
    }

    /** One that is connected and soon gives up whom it does not hear. */
    static TestNode hasty(RedisSettings settings) {
        return connected(new TestNode(quick(settings), SOON, SILENCE), settings);
    }

    /** One that is connected, soon gives up calls, and never gives up listening. */
    static TestNode listening(RedisSettings settings) {
        return connected(new TestNode(quick(settings), SOON, PATIENCE.multipliedBy(10)), settings);
    }

    private static TestNode connected(TestNode node, RedisSettings settings) {
        if (!node.adapter.awaitConnection(PATIENCE)) {
            node.close();
            throw new AssertionError("Expected to be connected with " + settings.place());
        }
        return node;
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
