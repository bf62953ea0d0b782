package dev.parley.protocols.socketio;

import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** The trails of all clients of one protocol that may go on, whether they are here or were cut off. Safe for use by many threads. */
final class Recoveries {

    private final SocketIoSettings.Recovery bounds;
    private final AtomicLong kept = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Trail> here = new HashMap<>();

    /** In the order in which they were cut off. */
    private final LinkedHashMap<String, Away> away = new LinkedHashMap<>();

    private record Away(Trail trail, Instant until) {}

    Recoveries(SocketIoSettings.Recovery bounds) {
        this.bounds = bounds;
    }

    SocketIoSettings.Recovery bounds() {
        return bounds;
    }

    /** A trail that nothing was noted in yet. */
    Trail fresh(String pid, String sid, String namespace, String owner, NamespaceSession session) {
        return new Trail(pid, sid, namespace, owner, session, bounds, kept);
    }

    void begin(Trail trail) {
        lock.lock();
        try {
            here.put(trail.pid, trail);
            makeRoom();
        } finally {
            lock.unlock();
        }
    }

    /** The client was cut off. */
    void keep(Trail trail, Instant now) {
        lock.lock();
        try {
            if (here.remove(trail.pid, trail)) {
                away.put(trail.pid, new Away(trail, now.plus(bounds.within())));
                expire(now);
                makeRoom();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The client left for good. */
    void forget(Trail trail) {
        lock.lock();
        try {
            here.remove(trail.pid, trail);
            trail.letGo();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets a client go on, if it is the same as before and nothing it missed is lost. Should its old connection not be known to be
     * dead yet, it ends.
     */
    Optional<Trail> goOn(
            String pid, String namespace, String owner, Optional<String> offset, NamespaceSession later, Instant now) {
        lock.lock();
        try {
            expire(now);
            Trail found = here.get(pid);
            if (found == null) {
                Away cutOff = away.get(pid);
                if (cutOff == null) {
                    return Optional.empty();
                }
                found = cutOff.trail();
            }
            if (!found.namespace.equals(namespace) || !found.owner.equals(owner)) {
                return Optional.empty();
            }
            Optional<Trail> same = found.takeOver(offset, later);
            same.ifPresent(trail -> {
                away.remove(pid);
                here.put(pid, trail);
            });
            return same;
        } finally {
            lock.unlock();
        }
    }

    /** How many are remembered. */
    int size() {
        lock.lock();
        try {
            return here.size() + away.size();
        } finally {
            lock.unlock();
        }
    }

    /** How much is kept of all of them. */
    long bytes() {
        return kept.get();
    }

    /** Those who have been away for longest go first; those who are here let go of their own. */
    private void makeRoom() {
        while (!away.isEmpty() && (away.size() > bounds.clients() || kept.get() > bounds.totalBytes() / 2)) {
            away.pollFirstEntry().getValue().trail().letGo();
        }
    }

    private void expire(Instant now) {
        for (Iterator<Away> oldest = away.values().iterator(); oldest.hasNext();) {
            Away next = oldest.next();
            if (next.until().isAfter(now)) {
                return;
            }
            oldest.remove();
            next.trail().letGo();
        }
    }
}
