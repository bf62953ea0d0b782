package dev.parley.integration.nodes;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.embedded.system.SystemTimers;
import dev.parley.adapter.embedded.system.TimeOrderedIds;
import dev.parley.adapter.mongo.MongoAdapter;
import dev.parley.adapter.mongo.MongoSettings;
import dev.parley.adapter.redis.RedisAdapter;
import dev.parley.adapter.redis.RedisSettings;
import dev.parley.domain.telemetry.Telemetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A database of MongoDB and a name space of Redis, to which each node has connections of its own. */
final class ClusterParts implements SharedParts {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final MongoSettings mongo;
    private final RedisSettings redis;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** On the servers of all tests, which are waited for: nothing happens because this machine is busy. */
    ClusterParts() {
        String name = ClusterServers.name();
        mongo = new MongoSettings(MongoSettings.of(ClusterServers.mongo()).uri(), name, PATIENCE, PATIENCE, 50);
        redis = RedisSettings.of(ClusterServers.redis().address()).withPrefix(name + ":").withTimeouts(PATIENCE, PATIENCE);
    }

    /**
     * On servers of the test's own, or at the ends of lines to them, which are given up as soon as by a server.
     *
     * @param forAnswers how long MongoDB is waited for
     */
    ClusterParts(String mongoAddress, String redisAddress, Duration forAnswers) {
        String name = ClusterServers.name();
        MongoSettings defaults = MongoSettings.of(mongoAddress);
        mongo = new MongoSettings(defaults.uri(), name, Duration.ofSeconds(2), forAnswers, 50);
        redis = RedisSettings.of(redisAddress).withPrefix(name + ":");
    }

    @Override
    public Parts another(InstantSource clock) {
        SystemTimers timers = opened(SystemTimers.start());
        LiveMemory memory = opened(LiveMemory.create(clock, timers));
        MongoAdapter durable = opened(MongoAdapter.connect(mongo));
        RedisAdapter live = opened(RedisAdapter.connect(
                redis,
                new RedisAdapter.Local(memory.bus(), memory.streams()),
                new TimeOrderedIds(clock),
                timers,
                Telemetry.SILENT));
        live.awaitConnection(PATIENCE);
        return new Parts(
                durable.sessions(),
                durable.messages(),
                durable.replies(),
                durable.revocations(),
                durable.audit(),
                durable.topics(),
                durable.attachments(),
                durable.blobs(),
                live.streams(),
                live.bus(),
                live.presence(),
                live.limiter(),
                live.leases(),
                live.connections());
    }

    @Override
    public void close() {
        List.copyOf(opened).forEach(ClusterParts::close);
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception failed) {
            throw new AssertionError("Expected that it can be closed", failed);
        }
    }
}
