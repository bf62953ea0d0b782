package dev.parley.protocols.admission;

import dev.parley.domain.Registration;
import dev.parley.domain.access.UserId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** How many connections this node takes, in all and of one user. Safe for use by many threads. */
public final class ConnectionSlots {

    /** What asking for a place leads to. */
    public sealed interface Place {

        /** There was one; it is free again once {@code release} is closed. */
        record Taken(Registration release) implements Place {}

        record NodeFull() implements Place {}

        record UserFull() implements Place {}
    }

    private final int perNode;
    private final int perUser;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UserId, Integer> ofUsers = new HashMap<>();
    private int taken;

    public ConnectionSlots(int perNode, int perUser) {
        this.perNode = perNode;
        this.perUser = perUser;
    }

    public Place take(UserId user) {
        lock.lock();
        try {
            if (taken >= perNode) {
                return new Place.NodeFull();
            }
            int ofUser = ofUsers.getOrDefault(user, 0);
            if (ofUser >= perUser) {
                return new Place.UserFull();
            }
            taken++;
            ofUsers.put(user, ofUser + 1);
            return new Place.Taken(new Release(user));
        } finally {
            lock.unlock();
        }
    }

    public int taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private final class Release implements Registration {
        private final UserId user;
        private boolean released;

        Release(UserId user) {
            this.user = user;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!released) {
                    released = true;
                    taken--;
                    ofUsers.computeIfPresent(user, (same, count) -> count == 1 ? null : count - 1);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
