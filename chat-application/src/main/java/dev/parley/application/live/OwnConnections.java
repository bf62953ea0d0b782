package dev.parley.application.live;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.ConnectionRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The connections of all nodes; while they cannot be known, this node's. Safe for use by many threads. */
final class OwnConnections implements ConnectionRegistry {

    private static final Comparator<ConnectionInfo> LONGEST_OPEN_FIRST = Comparator
            .comparing(ConnectionInfo::connectedAt)
            .thenComparing(connection -> connection.id().value());

    private final ConnectionRegistry everywhere;
    private final Standing standing;
    private final Map<ConnectionId, ConnectionInfo> here = new ConcurrentHashMap<>();

    OwnConnections(ConnectionRegistry everywhere, Standing standing) {
        this.everywhere = everywhere;
        this.standing = standing;
    }

    @Override
    public void put(ConnectionInfo connection) {
        here.put(connection.id(), connection);
        standing.tell(() -> everywhere.put(connection));
    }

    @Override
    public void touch(ConnectionId id, Instant lastPing) {
        standing.tell(() -> everywhere.touch(id, lastPing));
    }

    @Override
    public void remove(ConnectionId id) {
        here.remove(id);
        standing.tell(() -> everywhere.remove(id));
    }

    @Override
    public int countOf(UserId user) {
        return standing.ask(() -> everywhere.countOf(user),
                () -> (int) here.values().stream().filter(own -> own.user().equals(user)).count());
    }

    @Override
    public Page<ConnectionInfo> all(PageRequest request) {
        return standing.ask(() -> everywhere.all(request), () -> own(request));
    }

    private Page<ConnectionInfo> own(PageRequest request) {
        List<ConnectionInfo> all = new ArrayList<>(here.values());
        all.sort(LONGEST_OPEN_FIRST);
        int from = Math.min(request.offset(), all.size());
        int to = Math.min(from + request.limit(), all.size());
        return new Page<>(all.subList(from, to), all.size());
    }
}
