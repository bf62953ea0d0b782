package dev.parley.application.reply;

import dev.parley.domain.live.Leases;
import dev.parley.domain.live.NodeId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The lease by which this node says that it lives: that it runs, and that it can end its replies. Without its store it cannot, so
 * who has not heard of it for a while lets go, and another node that can ends what runs here.
 *
 * <p>It counts beats and not time: a clock that is put forward, or a process that stood still, says nothing about the store.
 */
final class NodeLease {

    private static final System.Logger LOG = System.getLogger(NodeLease.class.getName());

    /** How often the lease is said anew while it lasts: one that is lost comes back long before anybody acts on it. */
    private static final int BEATS_PER_LEASE = 10;

    /** For how many of them a node that does not hear of its store goes on saying that it lives. */
    private static final int BEATS_WITHOUT_STORE = 8;

    private final NodeId node;
    private final Leases leases;
    private final Duration length;
    private final AtomicInteger beatsWithoutStore = new AtomicInteger();

    NodeLease(NodeId node, Leases leases, Duration length) {
        this.node = node;
        this.leases = leases;
        this.length = length;
    }

    /** The name of a node's lease. */
    static String name(NodeId node) {
        return "node/" + node.value();
    }

    /** How long it is from one beat to the next. */
    Duration period() {
        // In whole numbers: a duration that is divided readies decimal arithmetic, which no start needs otherwise.
        return Duration.ofNanos(length.toNanos() / BEATS_PER_LEASE);
    }

    /** One beat. */
    void renew() {
        int beats = beatsWithoutStore.incrementAndGet();
        if (beats == BEATS_WITHOUT_STORE + 1) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Nothing was heard of the store for {0} beats: others may end what runs here",
                    BEATS_WITHOUT_STORE);
        }
        if (beats > BEATS_WITHOUT_STORE) {
            leases.release(name(node), node);
        } else {
            leases.acquire(name(node), node, length);
        }
    }

    /** The store has answered; true when that had not been so for long enough to let go of the lease. */
    boolean heardOfStore() {
        return beatsWithoutStore.getAndSet(0) > BEATS_WITHOUT_STORE;
    }
}
