package dev.parley.testkit.live;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What all contracts of live ports share: a fresh fixture for each test. */
abstract class LiveContract<P> {

    /** How long a test waits for what must happen. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private @Nullable LiveFixture<P> fixture;

    /** Makes the fixture of one test. */
    protected abstract LiveFixture<P> fixture();

    @BeforeEach
    final void openTheFixture() {
        fixture = fixture();
    }

    @AfterEach
    final void closeTheFixture() {
        if (fixture != null) {
            fixture.close();
        }
    }

    final P port() {
        return opened().port();
    }

    final P peer() {
        return opened().peer();
    }

    final void advance(Duration step) {
        opened().advance(step);
    }

    final LiveFixture<P> opened() {
        if (fixture == null) {
            throw new IllegalStateException("Expected a fixture");
        }
        return fixture;
    }
}
