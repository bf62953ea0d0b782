package dev.parley.integration.nodes;

import java.time.Duration;

/** Clocks that differ by ten minutes change nothing of what two nodes promise. */
final class SkewedNodesTest extends TwoNodesContract {

    @Override
    protected SharedParts parts() {
        return new MemoryParts();
    }

    @Override
    Duration clockThere() {
        return Duration.ofMinutes(10);
    }
}
