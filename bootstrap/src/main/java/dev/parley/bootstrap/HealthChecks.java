package dev.parley.bootstrap;

import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Looks after what the server depends on; an answer is good for a second, so that asking often costs nothing. */
final class HealthChecks {

    private static final System.Logger LOG = System.getLogger(HealthChecks.class.getName());
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final Telemetry telemetry;
    private final BooleanSupplier accepting;
    private final List<Supplier<Health.Part>> checks = new ArrayList<>();
    private final Map<String, Boolean> before = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private List<Health.Part> parts = List.of();
    private Instant looked = Instant.MIN;

    HealthChecks(InstantSource clock, Telemetry telemetry, BooleanSupplier accepting) {
        this.clock = clock;
        this.telemetry = telemetry;
        this.accepting = accepting;
    }

    /** Before the first {@link #now}. */
    void add(Supplier<Health.Part> check) {
        checks.add(check);
    }

    Health now() {
        lock.lock();
        try {
            Instant now = clock.instant();
            if (looked.equals(Instant.MIN) || now.isAfter(looked.plus(FRESH))) {
                parts = checks.stream().map(this::timed).toList();
                looked = clock.instant();
                parts.forEach(this::tell);
            }
            return Health.of(accepting.getAsBoolean(), parts);
        } finally {
            lock.unlock();
        }
    }

    private Health.Part timed(Supplier<Health.Part> check) {
        Instant begun = clock.instant();
        Health.Part part = check.get();
        Duration took = Duration.between(begun, clock.instant());
        return part.took(took.isNegative() ? Duration.ZERO : took);
    }

    private void tell(Health.Part part) {
        Boolean was = before.put(part.name(), part.up());
        if (was == null || was != part.up()) {
            telemetry.on(new TelemetryEvent.DependencyChanged(part.name(), part.up()));
        }
        if (was != null && was != part.up()) {
            LOG.log(
                    part.up() ? System.Logger.Level.INFO : System.Logger.Level.ERROR,
                    "The " + part.name() + (part.up() ? " is back" : " is away: " + part.says()));
        }
    }
}
