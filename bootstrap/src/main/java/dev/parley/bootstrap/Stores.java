package dev.parley.bootstrap;

import dev.parley.domain.live.Leases;
import dev.parley.domain.live.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Everything durable, opened.
 *
 * @param checks how it is
 * @param identity what all who share it call it, and nobody else
 * @param exclusive whether it is locked for this process
 * @param leases where it can be said to others, without anything else, that it is in use; empty where nobody else can get at it
 * @param backup how a copy is made of it, where that can be done here
 */
record Stores(
        Replacements.Durable ports,
        List<Supplier<Health.Part>> checks,
        Optional<NodeId> identity,
        boolean exclusive,
        Optional<Leases> leases,
        Optional<Parley.Backup> backup) {

    Stores {
        checks = List.copyOf(checks);
    }

    /** The same, known by another name. */
    Stores of(NodeId name) {
        return new Stores(ports, checks, Optional.of(name), exclusive, leases, backup);
    }

    /** An embedder's own, of which nothing is known. */
    static Stores given(Replacements.Durable ports) {
        return new Stores(ports, List.of(), Optional.empty(), false, Optional.empty(), Optional.empty());
    }
}
