package dev.parley.adapter.redis;

import static dev.parley.adapter.redis.Answers.bytes;

import dev.parley.domain.live.Leases;
import dev.parley.domain.live.NodeId;
import java.time.Duration;
import java.util.List;

/** A key for each lease, which Redis itself removes when its time is over. */
final class RedisLeases implements Leases {

    private static final long MOST_MILLIS = Duration.ofDays(10_000).toMillis();

    private final Broker broker;
    private final Names names;

    RedisLeases(Broker broker, Names names) {
        this.broker = broker;
        this.names = names;
    }

    @Override
    public boolean acquire(String name, NodeId owner, Duration ttl) {
        return broker.number(
                Script.LEASE_ACQUIRE,
                List.of(names.lease(name)),
                List.of(bytes(owner.value()), bytes(millis(ttl)))) == 1;
    }

    @Override
    public void release(String name, NodeId owner) {
        broker.run(Script.LEASE_RELEASE, List.of(names.lease(name)), List.of(bytes(owner.value())));
    }

    @Override
    public boolean held(String name) {
        return broker.call(false, redis -> redis.exists(names.lease(name)));
    }

    /** In whole milliseconds, at least one. */
    static long millis(Duration span) {
        return span.compareTo(Duration.ofMillis(MOST_MILLIS)) > 0 ? MOST_MILLIS : Math.max(1, span.toMillis());
    }
}
