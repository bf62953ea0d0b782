package dev.parley.integration.nodes;

final class MemoryTwoNodesTest extends TwoNodesContract {

    @Override
    protected SharedParts parts() {
        return new MemoryParts();
    }
}
