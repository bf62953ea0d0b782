package dev.parley.adapter.embedded.memory;

import dev.parley.domain.live.Leases;
import dev.parley.domain.live.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Leases in a map; what has run out goes when the map has grown to twice of what was left the last time. */
final class MemoryLeases implements Leases {

    private record Lease(NodeId owner, long until) {}

    private static final int FIRST_CLEANING = 1_024;

    private final ForwardClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Lease> leases = new HashMap<>();
    private int cleanAt = FIRST_CLEANING;

    MemoryLeases(ForwardClock clock) {
        this.clock = clock;
    }

    @Override
    public boolean acquire(String name, NodeId owner, Duration ttl) {
        long now = clock.nanos();
        lock.lock();
        try {
            Lease present = leases.get(name);
            if (present != null && present.until > now && !present.owner.equals(owner)) {
                return false;
            }
            leases.put(name, new Lease(owner, now + ForwardClock.nanosOf(ttl)));
            if (leases.size() >= cleanAt) {
                leases.values().removeIf(lease -> lease.until <= now);
                cleanAt = Math.max(FIRST_CLEANING, leases.size() * 2);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void release(String name, NodeId owner) {
        lock.lock();
        try {
            Lease present = leases.get(name);
            if (present != null && present.owner.equals(owner)) {
                leases.remove(name);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean held(String name) {
        long now = clock.nanos();
        lock.lock();
        try {
            Lease present = leases.get(name);
            return present != null && present.until > now;
        } finally {
            lock.unlock();
        }
    }
}
