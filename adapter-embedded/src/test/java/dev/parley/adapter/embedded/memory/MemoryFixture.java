package dev.parley.adapter.embedded.memory;

import dev.parley.testkit.live.LiveFixture;
import dev.parley.testkit.time.ManualTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Live ports in memory under manual time. */
final class MemoryFixture<P> implements LiveFixture<P> {

    private final ManualTime time = new ManualTime();
    private final AtomicReference<Duration> setBack = new AtomicReference<>(Duration.ZERO);
    private final LiveMemory memory = LiveMemory.create(() -> time.instant().minus(setBack.get()), time);
    private final P port;

    private MemoryFixture(Function<LiveMemory, P> which) {
        this.port = which.apply(memory);
    }

    static <P> MemoryFixture<P> of(Function<LiveMemory, P> which) {
        return new MemoryFixture<>(which);
    }

    @Override
    public P port() {
        return port;
    }

    @Override
    public P peer() {
        return port;
    }

    @Override
    public void advance(Duration step) {
        time.advance(step);
    }

    @Override
    public boolean setBack(Duration step) {
        setBack.updateAndGet(step::plus);
        return true;
    }

    @Override
    public void close() {
        memory.close();
    }
}
