package dev.parley.integration.nodes;

import java.time.Duration;

/** Clocks that differ by ten minutes change nothing of what two nodes promise on Redis and MongoDB. */
final class ClusterSkewedNodesTest extends TwoNodesContract {

    @Override
    protected SharedParts parts() {
        return new ClusterParts();
    }

    @Override
    Duration clockThere() {
        return Duration.ofMinutes(10);
    }
}
