package dev.parley.adapter.embedded.memory;

import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/** Who is where, with the end of each connection's time. */
final class MemoryPresence implements Presence {

    /** One user in one session: the newest description, and until when each connection counts. */
    private static final class Stay {
        Present who;
        // Mostly one, so copies are cheap and small.
        Map<ConnectionId, Long> until = Map.of();

        Stay(Present who) {
            this.who = who;
        }

        boolean there(long now) {
            return until.entrySet().stream().anyMatch(one -> one.getValue() > now);
        }

        void lasts(ConnectionId connection, long end) {
            Map<ConnectionId, Long> more = new HashMap<>(until);
            more.put(connection, end);
            until = Map.copyOf(more);
        }

        /** False when the connection was not there. */
        boolean leave(ConnectionId connection) {
            boolean was = until.containsKey(connection);
            keep((other, end) -> !other.equals(connection));
            return was;
        }

        void expire(long now) {
            keep((connection, end) -> end > now);
        }

        private void keep(BiPredicate<ConnectionId, Long> which) {
            Map<ConnectionId, Long> kept = new HashMap<>(until);
            kept.entrySet().removeIf(one -> !which.test(one.getKey(), one.getValue()));
            until = Map.copyOf(kept);
        }
    }

    private final ForwardClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SessionId, TreeMap<UserId, Stay>> sessions = new HashMap<>();
    private final List<Present> untold = new ArrayList<>();

    MemoryPresence(ForwardClock clock) {
        this.clock = clock;
    }

    @Override
    public boolean enter(Present who, ConnectionId connection, Duration ttl) {
        long now = clock.nanos();
        lock.lock();
        try {
            Stay stay = sessions.computeIfAbsent(who.session(), id -> new TreeMap<>())
                    .computeIfAbsent(who.user(), id -> new Stay(who));
            boolean came = !stay.there(now);
            stay.who = who;
            stay.lasts(connection, now + ForwardClock.nanosOf(ttl));
            return came;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean leave(Present who, ConnectionId connection) {
        long now = clock.nanos();
        lock.lock();
        try {
            TreeMap<UserId, Stay> users = sessions.get(who.session());
            Stay stay = users == null ? null : users.get(who.user());
            if (users == null || stay == null || !stay.leave(connection)) {
                return false;
            }
            stay.expire(now);
            if (!stay.until.isEmpty()) {
                return false;
            }
            users.remove(who.user());
            if (users.isEmpty()) {
                sessions.remove(who.session());
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Present> in(SessionId session) {
        long now = clock.nanos();
        List<Present> there = new ArrayList<>();
        lock.lock();
        try {
            TreeMap<UserId, Stay> users = sessions.get(session);
            if (users != null) {
                users.values().stream().filter(stay -> stay.there(now)).forEach(stay -> there.add(stay.who));
            }
        } finally {
            lock.unlock();
        }
        return there;
    }

    @Override
    public void sweep(Consumer<? super Present> told) {
        Deque<Present> gone = gone();
        try {
            while (!gone.isEmpty()) {
                told.accept(gone.getFirst());
                gone.removeFirst();
            }
        } finally {
            again(gone);
        }
    }

    /** Those who are to be named next time. */
    private void again(Deque<Present> gone) {
        lock.lock();
        try {
            untold.addAll(gone);
        } finally {
            lock.unlock();
        }
    }

    private boolean known(Present who) {
        TreeMap<UserId, Stay> users = sessions.get(who.session());
        return users != null && users.containsKey(who.user());
    }

    private Deque<Present> gone() {
        long now = clock.nanos();
        Deque<Present> gone = new ArrayDeque<>();
        lock.lock();
        try {
            untold.stream()
                    .filter(who -> !known(who))
                    .forEach(gone::add);
            untold.clear();
            sessions.values().removeIf(users -> {
                users.values().removeIf(stay -> {
                    stay.expire(now);
                    if (stay.until.isEmpty()) {
                        gone.add(stay.who);
                    }
                    return stay.until.isEmpty();
                });
                return users.isEmpty();
            });
        } finally {
            lock.unlock();
        }
        return gone;
    }
}
