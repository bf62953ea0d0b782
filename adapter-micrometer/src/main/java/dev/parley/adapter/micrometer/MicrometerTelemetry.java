package dev.parley.adapter.micrometer;

import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts what happens and gives it to Prometheus. Users and sessions are never labels; who stands out among them in the last five
 * to ten minutes can be asked for.
 */
public final class MicrometerTelemetry implements Telemetry, AutoCloseable {

    private static final Logger LOG = System.getLogger(MicrometerTelemetry.class.getName());

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final Standouts standouts;
    private final AtomicBoolean failed = new AtomicBoolean();

    private MicrometerTelemetry(InstantSource clock) {
        this.standouts = new Standouts(clock);
    }

    public static MicrometerTelemetry create(InstantSource clock) {
        return new MicrometerTelemetry(clock);
    }

    @Override
    public void on(TelemetryEvent event) {
        try {
            meters.on(event);
            standouts.on(event);
        } catch (RuntimeException e) {
            if (failed.compareAndSet(false, true)) {
                LOG.log(Level.WARNING, "An event cannot be counted; this is said only once", e);
            }
        }
    }

    /** All meters in Prometheus' text format 0.0.4. */
    public String scrape() {
        return registry.scrape();
    }

    /** The users who moved the most bytes lately, the most first. */
    public List<UserTraffic> busiestUsers(int limit) {
        return standouts.busiestUsers(limit);
    }

    /** The sessions with the highest share of refused commands lately, the highest first; those without any are left out. */
    public List<SessionErrors> mostRefusedSessions(int limit) {
        return standouts.mostRefusedSessions(limit);
    }

    @Override
    public void close() {
        registry.close();
    }
}
