package dev.parley.testkit.time;

import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.time.InstantSource;

final class ManualTimersTest extends TimersContract {

    private final ManualTime time = new ManualTime();

    @Override
    protected Timers timers() {
        return time;
    }

    @Override
    protected InstantSource clock() {
        return time;
    }

    @Override
    protected void advance(Duration step) {
        time.advance(step);
    }
}
