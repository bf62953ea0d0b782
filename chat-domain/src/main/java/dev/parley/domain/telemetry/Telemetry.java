package dev.parley.domain.telemetry;

import dev.parley.domain.Port;

/** Told what happens, to count it. Safe for use by many threads; returns fast and never throws. */
@Port
@FunctionalInterface
public interface Telemetry {

    /** Counts nothing. */
    Telemetry SILENT = event -> {};

    void on(TelemetryEvent event);

    /** Who stands out lately among those it was told of, at most {@code limit} of each kind; nobody where that is not looked after. */
    default Standouts standouts(int limit) {
        return Standouts.NONE;
    }

    /** How much it was told of until now; {@link Pulse#NONE} where that is not counted. */
    default Pulse pulse() {
        return Pulse.NONE;
    }
}
