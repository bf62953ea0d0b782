package dev.parley.adapter.embedded.memory;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.ConnectionRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The connections of this process. */
final class MemoryConnectionRegistry implements ConnectionRegistry {

    private static final Comparator<ConnectionInfo> LONGEST_OPEN_FIRST = Comparator
            .comparing(ConnectionInfo::connectedAt)
            .thenComparing(connection -> connection.id().value());

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ConnectionId, ConnectionInfo> connections = new HashMap<>();
    private final Map<UserId, Integer> counts = new HashMap<>();

    @Override
    public void put(ConnectionInfo connection) {
        lock.lock();
        try {
            forgetUserOf(connections.put(connection.id(), connection));
            counts.merge(connection.user(), 1, Integer::sum);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void touch(ConnectionId id, Instant lastPing) {
        lock.lock();
        try {
            connections.computeIfPresent(id, (key, old) -> new ConnectionInfo(
                    id,
                    old.node(),
                    old.session(),
                    old.user(),
                    old.protocol(),
                    old.connectedAt(),
                    lastPing,
                    old.active()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void remove(ConnectionId id) {
        lock.lock();
        try {
            forgetUserOf(connections.remove(id));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int countOf(UserId user) {
        lock.lock();
        try {
            return counts.getOrDefault(user, 0);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Page<ConnectionInfo> all(PageRequest request) {
        List<ConnectionInfo> all;
        lock.lock();
        try {
            all = new ArrayList<>(connections.values());
        } finally {
            lock.unlock();
        }
        all.sort(LONGEST_OPEN_FIRST);
        int from = Math.min(request.offset(), all.size());
        int to = Math.min(from + request.limit(), all.size());
        return new Page<>(all.subList(from, to), all.size());
    }

    private void forgetUserOf(@Nullable ConnectionInfo connection) {
        if (connection != null) {
            counts.computeIfPresent(connection.user(), (user, count) -> count == 1 ? null : count - 1);
        }
    }
}
