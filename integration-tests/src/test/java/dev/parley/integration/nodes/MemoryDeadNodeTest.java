package dev.parley.integration.nodes;

final class MemoryDeadNodeTest extends DeadNodeContract {

    @Override
    protected SharedParts parts() {
        return new MemoryParts();
    }
}
