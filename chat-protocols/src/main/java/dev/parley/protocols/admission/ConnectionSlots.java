package dev.parley.protocols.admission;

import dev.parley.domain.Registration;
import dev.parley.domain.access.UserId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** How many connections this node takes, in all, of one user and of strangers. Safe for use by many threads. */
public final class ConnectionSlots {

    /** What asking for a place leads to. */
    public sealed interface Place {

        /** There was one; it is free again once {@code release} is closed. */
        record Taken(Registration release) implements Place {}

        record NodeFull() implements Place {}

        record UserFull() implements Place {}
    }

    private static final int STRANGERS = 100;

    private final int perNode;
    private final int perUser;
    private final int strangers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UserId, Integer> ofUsers = new HashMap<>();
    private int taken;
    private int ofStrangers;

    public ConnectionSlots(int perNode, int perUser) {
        this(perNode, perUser, Math.min(perNode, STRANGERS));
    }

    /** {@code strangers} how many there may be that have not said yet who they are */
    public ConnectionSlots(int perNode, int perUser, int strangers) {
        this.perNode = perNode;
        this.perUser = perUser;
        this.strangers = strangers;
    }

    /** A place for somebody who has not said yet who it is; empty when there is none. */
    public Optional<Stranger> stranger() {
        lock.lock();
        try {
            if (taken >= perNode || ofStrangers >= strangers) {
                return Optional.empty();
            }
            taken++;
            ofStrangers++;
            return Optional.of(new Stranger());
        } finally {
            lock.unlock();
        }
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

    /** The place of somebody who came as a stranger; free again once closed. */
    public final class Stranger implements Registration {
        private Optional<UserId> user = Optional.empty();
        private boolean released;

        private Stranger() {}

        /** Makes it the place of a user. It stays the same user's. */
        public Place become(UserId known) {
            lock.lock();
            try {
                if (user.isPresent() || released) {
                    return new Place.Taken(this);
                }
                int ofUser = ofUsers.getOrDefault(known, 0);
                if (ofUser >= perUser) {
                    return new Place.UserFull();
                }
                ofUsers.put(known, ofUser + 1);
                ofStrangers--;
                user = Optional.of(known);
                return new Place.Taken(this);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (released) {
                    return;
                }
                released = true;
                taken--;
                if (user.isEmpty()) {
                    ofStrangers--;
                } else {
                    ofUsers.computeIfPresent(user.get(), (same, count) -> count == 1 ? null : count - 1);
                }
            } finally {
                lock.unlock();
            }
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
