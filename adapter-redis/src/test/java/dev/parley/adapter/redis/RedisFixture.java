package dev.parley.adapter.redis;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.testkit.live.LiveFixture;
import dev.parley.testkit.live.RealRedis;
import dev.parley.testkit.time.ManualTime;
import dev.parley.testkit.time.SequentialIds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import redis.clients.jedis.Jedis;

/** Two nodes on one real Redis, under a time that stands still until it is moved; what Redis itself removes in time moves along. */
final class RedisFixture<P> implements LiveFixture<P> {

    private static final String MOVE_ON = """
            local cursor = '0'
            repeat
              local page = redis.call('SCAN', cursor, 'MATCH', ARGV[1] .. '*', 'COUNT', 1000)
              cursor = page[1]
              for _, key in ipairs(page[2]) do
                local left = redis.call('PTTL', key)
                if left >= 0 and left <= tonumber(ARGV[2]) then
                  redis.call('DEL', key)
                elseif left > 0 then
                  redis.call('PEXPIRE', key, left - ARGV[2])
                end
              end
            until cursor == '0'
            """;

    private final ManualTime time = new ManualTime();
    private final AtomicReference<Duration> setBack = new AtomicReference<>(Duration.ZERO);
    private final RealRedis redis = TestRedis.shared();
    private final RedisSettings settings = RedisSettings.of(redis.address())
            .withPrefix(TestRedis.prefix())
            .withTimeouts(TestNode.PATIENCE, TestNode.PATIENCE);
    private final Node one = new Node("one");
    private final Node two = new Node("two");
    private final P port;
    private final P peer;

    /** One node: what it has for itself, and what it shares. */
    private final class Node {
        private final LiveMemory memory = LiveMemory.create(time, time);
        private final RedisAdapter adapter;

        Node(String name) {
            adapter = RedisAdapter.connect(
                    settings,
                    new RedisAdapter.Local(memory.bus(), memory.streams()),
                    new SequentialIds(name),
                    time,
                    Telemetry.SILENT,
                    new RedisAdapter.Options(
                            RedisFixture.this::micros, TestNode.PATIENCE, TestNode.PATIENCE.multipliedBy(10)));
        }

        void close() {
            adapter.close();
            memory.close();
        }
    }

    private RedisFixture(Function<RedisAdapter, P> which) {
        this.port = which.apply(one.adapter);
        this.peer = which.apply(two.adapter);
        one.adapter.awaitConnection(TestNode.PATIENCE);
        two.adapter.awaitConnection(TestNode.PATIENCE);
    }

    static <P> RedisFixture<P> of(Function<RedisAdapter, P> which) {
        return new RedisFixture<>(which);
    }

    @Override
    public P port() {
        return port;
    }

    @Override
    public P peer() {
        return peer;
    }

    @Override
    public void advance(Duration step) {
        time.advance(step);
        try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
            jedis.eval(MOVE_ON, List.of(), List.of(settings.prefix(), String.valueOf(step.toMillis())));
        }
    }

    @Override
    public boolean setBack(Duration step) {
        setBack.updateAndGet(step::plus);
        return true;
    }

    @Override
    public void close() {
        one.close();
        two.close();
    }

    private byte[] micros() {
        Instant now = time.instant().minus(setBack.get());
        return Answers.bytes(now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000);
    }
}
