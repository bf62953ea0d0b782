package dev.parley.application.reply;

import dev.parley.application.Ports;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Ends the replies that nobody runs: with their safe text, as stopped where somebody had said so and as interrupted elsewhere.
 *
 * <p>Nobody runs a reply when its owner's lease is over, or when its owner is this node and knows nothing of it, which happens
 * when a store takes a step and cannot say so. What looks so at the first look is ended at once, since a server that starts
 * again must not leave its own replies running; later it has to look so twice, since leases that were lost come back at
 * their owners' next beat.
 */
final class Orphans {

    private static final System.Logger LOG = System.getLogger(Orphans.class.getName());

    private final NodeId node;
    private final Ports ports;
    private final Settlement settlement;
    private final Set<MessageId> settling = ConcurrentHashMap.newKeySet();
    // used by one look at a time
    private Set<MessageId> suspects = Set.of();
    private boolean looked;

    Orphans(NodeId node, Ports ports, Settlement settlement) {
        this.node = node;
        this.ports = ports;
        this.settlement = settlement;
    }

    /** The name of the lease by which a node says that it lives. */
    static String lease(NodeId node) {
        return "node/" + node.value();
    }

    /**
     * @param own whether a record belongs to a reply that waits, runs or is being stored here
     * @return the replies that had a record
     */
    Set<MessageId> look(Predicate<Reply> own) {
        Set<MessageId> now = new HashSet<>();
        Set<MessageId> recorded = new HashSet<>();
        for (Reply reply : ports.replies().unfinished()) {
            recorded.add(reply.id());
            if (own.test(reply) || settling.contains(reply.id()) || lives(reply.owner())) {
                continue;
            }
            if (looked && !suspects.contains(reply.id())) {
                now.add(reply.id());
            } else {
                ports.replies().claim(reply.id(), node).ifPresent(this::settle);
            }
        }
        suspects = now;
        looked = true;
        return recorded;
    }

    /** Whether another node runs its replies; what this one runs is known better. */
    private boolean lives(NodeId owner) {
        return !owner.equals(node) && ports.leases().held(lease(owner));
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
