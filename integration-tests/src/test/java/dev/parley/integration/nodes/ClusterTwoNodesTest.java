package dev.parley.integration.nodes;

final class ClusterTwoNodesTest extends TwoNodesContract {

    @Override
    protected SharedParts parts() {
        return new ClusterParts();
    }
}
