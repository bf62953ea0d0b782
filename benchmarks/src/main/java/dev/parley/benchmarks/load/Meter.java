package dev.parley.benchmarks.load;

import java.lang.management.ManagementFactory;

/** What a server's process and the generator used between two moments. */
final class Meter {

    private final ServerProcess server;
    private final double cpuBefore;
    private final double compilersBefore;
    private final long generatorBefore;
    private final long began;

    private Meter(ServerProcess server) {
        this.server = server;
        this.cpuBefore = server.cpuMicros();
        this.compilersBefore = server.compilerMicros();
        this.generatorBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        this.began = System.nanoTime();
    }

    static Meter begin(ServerProcess server) {
        return new Meter(server);
    }

    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** Microseconds of the server's processor time so far. */
    double serverMicros() {
        return server.cpuMicros() - cpuBefore;
    }

    /** The server's share of one core, in percent. */
    double serverPercent() {
        return serverMicros() / seconds() / 1e4;
    }

    /** What of the server's processor time Java's compilers took, in percent. */
    double compilerPercent() {
        return 100 * (server.compilerMicros() - compilersBefore) / Math.max(1, serverMicros());
    }

    /** The generator's share of one core, in percent: near 100 it is the generator that was measured. */
    double generatorPercent() {
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - generatorBefore) / seconds() / 1e7;
    }
}
