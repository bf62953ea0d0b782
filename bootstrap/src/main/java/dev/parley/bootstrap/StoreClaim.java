package dev.parley.bootstrap;

import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.Leases;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.time.Timers;
import java.time.Duration;

/**
 * Says to whoever shares a store or a broker whose it is, for as long as this server runs, so that a second server is not let in
 * where there can only be one. A server that starts again has the same name and is let in at once.
 */
final class StoreClaim implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(StoreClaim.class.getName());

    /** What a server claims of the MongoDB it uses, alone or with those that share it. */
    static final String SERVER = "server";

    private static final Duration LIFE = Duration.ofSeconds(30);

    private final String what;
    private final NodeId owner;
    private final Leases leases;
    private final boolean shared;
    private final Repeating renewal;
    private volatile boolean lost;

    private StoreClaim(String what, NodeId owner, Leases leases, boolean shared, Timers timers) {
        this.what = what;
        this.owner = owner;
        this.leases = leases;
        this.shared = shared;
        this.renewal = Repeating.every(LIFE.dividedBy(3), timers, this::renew);
    }

    /**
     * Claims {@code what} for all who come under the name {@code owner}; since others of them may go on, it stays theirs for half a
     * minute after the last has ended.
     */
    static StoreClaim shared(String what, NodeId owner, Leases leases, Timers timers, String refusal) {
        return taken(what, owner, leases, true, timers, refusal);
    }

    /**
     * Claims {@code what}.
     *
     * @param refusal what to tell when it is somebody else's, and what to set instead
     * @throws StartException when it is somebody else's
     */
    static StoreClaim of(String what, NodeId owner, Leases leases, Timers timers, String refusal) {
        return taken(what, owner, leases, false, timers, refusal);
    }

    private static StoreClaim taken(
            String what, NodeId owner, Leases leases, boolean shared, Timers timers, String refusal) {
        try {
            if (!leases.acquire(what, owner, LIFE)) {
                throw new StartException(StartException.Reason.TAKEN, refusal);
            }
        } catch (UnavailableException away) {
            LOG.log(System.Logger.Level.WARNING, "Nobody can be asked yet who else uses this", away);
        }
        return new StoreClaim(what, owner, leases, shared, timers);
    }

    /** @throws StartException when somebody else has what was claimed, or had it for a while; {@code refusal} tells what to do */
    void check(String refusal) {
        if (lost) {
            throw new StartException(StartException.Reason.TAKEN, refusal);
        }
    }

    @Override
    public void close() {
        renewal.close();
        if (shared) {
            return;
        }
        try {
            leases.release(what, owner);
        } catch (UnavailableException away) {
            LOG.log(System.Logger.Level.DEBUG, "It is free again in a while", away);
        }
    }

    private void renew() {
        try {
            if (!leases.acquire(what, owner, LIFE)) {
                lost = true;
                LOG.log(
                        System.Logger.Level.ERROR,
                        "Another server uses {0} that is for one alone: end one of the two, or set MONGODB_URI and REDIS_URL on both",
                        what);
            }
        } catch (UnavailableException away) {
            LOG.log(System.Logger.Level.DEBUG, "Nobody can be told who uses this", away);
        }
    }
}
