package dev.parley.application.live;

import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Who is there over all nodes; while that cannot be known, who is there on this one. What was said meanwhile is said anew to the
 * others when this node's connections say that they are still there. Safe for use by many threads.
 */
final class OwnPresence implements Presence {

    private final Presence everywhere;
    private final Standing standing;

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final Map<SessionId, Map<UserId, Here>> here = new HashMap<>();

    /** A user of this node's and through which connections. */
    private static final class Here {
        private final Present who;
        // Mostly one, so copies are cheap and small.
        private Set<ConnectionId> connections = Set.of();

        Here(Present who) {
            this.who = who;
        }

        /** True when it is the first. */
        boolean add(ConnectionId connection) {
            boolean first = connections.isEmpty();
            Set<ConnectionId> more = new HashSet<>(connections);
            more.add(connection);
            connections = Set.copyOf(more);
            return first;
        }

        /** True when it was the last. */
        boolean remove(ConnectionId connection) {
            if (!connections.contains(connection)) {
                return false;
            }
            Set<ConnectionId> less = new HashSet<>(connections);
            less.remove(connection);
            connections = Set.copyOf(less);
            return less.isEmpty();
        }
    }

    OwnPresence(Presence everywhere, Standing standing) {
        this.everywhere = everywhere;
        this.standing = standing;
    }

    @Override
    public boolean enter(Present who, ConnectionId connection, Duration ttl) {
        boolean first = entered(who, connection);
        return standing.ask(() -> everywhere.enter(who, connection, ttl), () -> first);
    }

    @Override
    public boolean leave(Present who, ConnectionId connection) {
        boolean last = left(who, connection);
        return standing.ask(() -> everywhere.leave(who, connection), () -> last);
    }

    @Override
    public List<Present> in(SessionId session) {
        return standing.ask(() -> everywhere.in(session), () -> hereIn(session));
    }

    @Override
    public void sweep(Consumer<? super Present> told) {
        standing.tell(() -> everywhere.sweep(told));
    }

    private boolean entered(Present who, ConnectionId connection) {
        lock.lock();
        try {
            Map<UserId, Here> users = here.computeIfAbsent(who.session(), session -> new HashMap<>(2));
            return users.computeIfAbsent(who.user(), id -> new Here(who)).add(connection);
        } finally {
            lock.unlock();
        }
    }

    private boolean left(Present who, ConnectionId connection) {
        lock.lock();
        try {
            Map<UserId, Here> users = here.getOrDefault(who.session(), Map.of());
            Here user = users.get(who.user());
            if (user == null || !user.remove(connection)) {
                return false;
            }
            users.remove(who.user());
            if (users.isEmpty()) {
                here.remove(who.session());
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private List<Present> hereIn(SessionId session) {
        lock.lock();
        try {
            List<Present> present = new ArrayList<>();
            here.getOrDefault(session, Map.of()).values().forEach(user -> present.add(user.who));
            present.sort(Comparator.comparing(who -> who.user().value()));
            return present;
        } finally {
            lock.unlock();
        }
    }
}
