package dev.parley.application.reply;

import dev.parley.application.Ports;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Ends the replies that nobody runs: with their safe text, as stopped where somebody had said so and as interrupted elsewhere.
 *
 * <p>Nobody runs a reply when its owner's lease is over, or when its owner is this node and knows nothing of it, which happens
 * when a store takes a step and cannot say so. It has to look so at several looks in a row, since leases that were lost with a
 * broker's memory come back at their owners' next beat; while nobody can be asked for leases, nobody is suspected. After a time
 * in which this node had no store others may have let go of their leases too: they are given time to come back. Only a node
 * that is alone on its stores knows without asking that what it finds at its first look was left by a run before.
 */
final class Orphans {

    private static final System.Logger LOG = System.getLogger(Orphans.class.getName());

    /** At how many looks in a row a reply must seem to be run by nobody. */
    private static final int LOOKS = 4;

    /** For how many looks nobody is suspected then: who lives has its lease again after two or three. */
    private static final int LOOKS_SPARED = 6;

    private final NodeId node;
    private final Ports ports;
    private final Settlement settlement;
    private final Set<MessageId> settling = ConcurrentHashMap.newKeySet();
    // used by one look at a time
    private Map<MessageId, Integer> suspects = Map.of();
    private boolean knowsAtOnce;
    /** Why one could not be claimed, as long as none can. */
    private String told = "";
    private int spared;

    /** @param alone whether no other node works on the same stores */
    Orphans(NodeId node, boolean alone, Ports ports, Settlement settlement) {
        this.node = node;
        this.knowsAtOnce = alone;
        this.ports = ports;
        this.settlement = settlement;
    }

    /** This node is back at its store; others may have been without it too, and come back to it a little later. */
    void spareEverybody() {
        spared = LOOKS_SPARED;
    }

    /**
     * @param records of replies that do not wait, run or are being stored here
     * @param enough whether this look has taken long: what is left is for the next
     */
    void look(List<Reply> records, BooleanSupplier enough) {
        Map<MessageId, Integer> before = suspects;
        suspects = Map.of();
        boolean first = knowsAtOnce;
        knowsAtOnce = false;
        if (spared > 0 && !first) {
            spared--;
            return;
        }
        Map<MessageId, Integer> now = new HashMap<>();
        Map<NodeId, Boolean> lives = new HashMap<>();
        for (Reply reply : records) {
            if (settling.contains(reply.id())
                    || !first && lives.computeIfAbsent(reply.owner(), this::lives)) {
                continue;
            }
            int looks = before.getOrDefault(reply.id(), 0) + 1;
            if (first || looks >= LOOKS && !enough.getAsBoolean()) {
                claim(reply);
            } else {
                now.put(reply.id(), looks);
            }
        }
        suspects = now;
    }

    /** Whether another node runs its replies; what this one runs is known better. */
    private boolean lives(NodeId owner) {
        return !owner.equals(node) && ports.leases().held(NodeLease.name(owner));
    }

    /** One that cannot be claimed just now keeps nobody from claiming the others; it is looked at again. */
    private void claim(Reply reply) {
        try {
            ports.replies().claim(reply.id(), node).ifPresent(this::settle);
            told = "";
        } catch (RuntimeException failed) {
            String cause = failed.toString();
            // It is tried each second, and all the others fail for the same reason.
            System.Logger.Level level = cause.equals(told) ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
            LOG.log(level, "reply=" + reply.id() + " cannot be taken from a dead node yet", failed);
            told = cause;
        }
    }

    private void settle(Reply claimed) {
        settling.add(claimed.id());
        settlement.settle(
                Settlement.Final.withoutRun(claimed, claimed.stopRequestedBy().isPresent()), () -> {
                    settling.remove(claimed.id());
                    LOG.log(System.Logger.Level.INFO, "reply={0} was left by a dead node and is settled", claimed.id());
                });
    }
}
