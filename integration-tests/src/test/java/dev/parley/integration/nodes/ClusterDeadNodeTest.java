package dev.parley.integration.nodes;

final class ClusterDeadNodeTest extends DeadNodeContract {

    @Override
    protected SharedParts parts() {
        return new ClusterParts();
    }
}
