package dev.parley.bootstrap;

import dev.parley.adapter.micrometer.MicrometerTelemetry;
import dev.parley.domain.telemetry.Telemetry;
import java.time.InstantSource;

/** What is counted, and how it is read; nothing is where the metrics' library is not on the class path. */
record Metrics(Telemetry telemetry, Scrape reading) {

    /** Writes everything counted, as Prometheus reads it. */
    interface Scrape {
        String text();
    }

    /** An embedder's own; there is nothing to read here then. */
    static Metrics to(Telemetry own) {
        return new Metrics(own, () -> "");
    }

    static Metrics ifThere(InstantSource clock, Lifecycle life) {
        try {
            return WithMicrometer.start(clock, life);
        } catch (NoClassDefFoundError notThere) {
            return to(Telemetry.SILENT);
        }
    }

    String scrape() {
        return reading.text();
    }

    /** Loaded only when it is tried, since its library is optional. */
    private static final class WithMicrometer {
        static Metrics start(InstantSource clock, Lifecycle life) {
            MicrometerTelemetry meters = life.opened("metrics", MicrometerTelemetry.create(clock));
            return new Metrics(meters, meters::scrape);
        }
    }
}
