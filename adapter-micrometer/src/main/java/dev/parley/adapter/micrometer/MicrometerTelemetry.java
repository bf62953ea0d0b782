package dev.parley.adapter.micrometer;

import dev.parley.domain.telemetry.Pulse;
import dev.parley.domain.telemetry.Standouts;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts what happens and gives it to Prometheus. Users and sessions are never labels; who stands out among them in the last five
 * to ten minutes can be asked for.
 */
public final class MicrometerTelemetry implements Telemetry, AutoCloseable {

    private static final Logger LOG = System.getLogger(MicrometerTelemetry.class.getName());

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final Watch watch;
    private final Pulses pulses = new Pulses();
    private final AtomicBoolean failed = new AtomicBoolean();

    private MicrometerTelemetry(InstantSource clock) {
        this.watch = new Watch(clock);
    }

    public static MicrometerTelemetry create(InstantSource clock) {
        return new MicrometerTelemetry(clock);
    }

    @Override
    public void on(TelemetryEvent event) {
        try {
            meters.on(event);
            watch.on(event);
            pulses.on(event);
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

    @Override
    public Standouts standouts(int limit) {
        return new Standouts(watch.busiestUsers(limit), watch.mostRefusedSessions(limit));
    }

    @Override
    public Pulse pulse() {
        return pulses.pulse();
    }

    @Override
    public void close() {
        registry.close();
    }
}
