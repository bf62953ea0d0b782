package dev.parley.application.live;

import dev.parley.application.Ports;

/** The one place where it is decided which live ports may be away without anybody being refused because of it. */
public final class Tolerance {
    private Tolerance() {}

    /**
     * These ports, with presence and the registry of connections going on with what this node knows. The limiter has a decision of
     * its own in {@link dev.parley.application.guard.Limits}; a bus never fails, a reply whose log is away is told when it has ended,
     * and without leases nobody is thought dead.
     */
    public static Ports over(Ports ports) {
        return ports.withPresence(
                new OwnPresence(ports.presence(), new Standing("presence", ports.telemetry())),
                new OwnConnections(ports.connections(), new Standing("registry", ports.telemetry())));
    }
}
