package dev.parley.domain.telemetry;

import dev.parley.domain.Port;

/** Told what happens, to count it. Safe for use by many threads; returns fast and never throws. */
@Port
@FunctionalInterface
public interface Telemetry {

    /** Counts nothing. */
    Telemetry SILENT = event -> {};

    void on(TelemetryEvent event);
}
