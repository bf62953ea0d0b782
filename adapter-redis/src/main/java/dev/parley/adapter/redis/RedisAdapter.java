package dev.parley.adapter.redis;

import dev.parley.domain.IdSource;
import dev.parley.domain.error.Circuit;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Leases;
import dev.parley.domain.live.Presence;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import redis.clients.jedis.params.SetParams;

/**
 * Every live port, shared by all nodes on the same Redis.
 *
 * <p>What is live within this node goes the shortest way, through ports of this node's own that the caller gives; Redis adds the
 * other nodes. So hints and stream logs work on within the node while Redis is away, and make up for it afterwards. All other
 * ports fail with {@link UnavailableException} meanwhile: at once, but for a try now and then. It connects again by itself.
 */
public final class RedisAdapter implements AutoCloseable {

    private static final Duration LISTENING_PATIENCE = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(8);
    private static final Duration WRITING_PATIENCE = Duration.ofMillis(100);
    private static final Duration HEALTH_KEPT = Duration.ofMinutes(1);
    private static final String HEALTHY = "looked";

    /**
     * The ports of this node's own, which the adapter uses and does not close.
     *
     * @param bus hints within this node
     * @param streams stream logs of this node
     */
    public record Local(EventBus bus, StreamLog streams) {}

    /**
     * How long Redis keeps a stream log.
     *
     * @param ended after its end
     * @param abandoned after its last piece, when it was never ended
     */
    public record Retention(Duration ended, Duration abandoned) {

        /** Ten minutes after the end, and an hour after the last sign of life. */
        public static final Retention DEFAULT = new Retention(Duration.ofMinutes(10), Duration.ofHours(1));
    }

    /**
     * What tests have otherwise.
     *
     * @param time in microseconds, or nothing for Redis' own
     * @param writingPatience how long a writer waits for Redis that was quick so far
     * @param silence how long nothing is heard before the connection for listening is given up
     */
    record Options(Supplier<byte[]> time, Duration writingPatience, Duration silence) {

        static final Options USUAL = new Options(() -> new byte[0], WRITING_PATIENCE, SILENCE);
    }

    private final RedisSettings settings;
    private final Names names;
    private final Dialling dialling;
    private final Circuit circuit;
    private final Broker broker;
    private final Subscriber subscriber;
    private final RedisEventBus bus;
    private final RedisStreamLog streams;
    private final Presence presence;
    private final RateLimiter limiter;
    private final Leases leases;
    private final ConnectionRegistry connections;

    private RedisAdapter(
            RedisSettings settings, Local local, IdSource ids, Timers timers, Telemetry telemetry, Options options) {
        this.settings = settings;
        String node = ids.next();
        names = new Names(settings.prefix(), settings.database());
        dialling = Dialling.open(settings);
        circuit = new Circuit("Redis", System::nanoTime, up -> changed(up, telemetry));
        broker = new Broker(dialling, circuit);
        subscriber = new Subscriber(dialling, circuit, timers, names.node(node), options.silence());
        bus = new RedisEventBus(local.bus(), broker, subscriber, names, node, timers, LISTENING_PATIENCE);
        streams = new RedisStreamLog(new Own.Setting(
                node,
                local.streams(),
                new LogCalls(broker, names, Retention.DEFAULT),
                subscriber,
                timers,
                options.writingPatience()));
        presence = new RedisPresence(broker, names, options.time());
        limiter = new RedisRateLimiter(broker, names, options.time());
        leases = new RedisLeases(broker, names);
        connections = new RedisConnectionRegistry(broker, names, options.time());
    }

    /**
     * Begins to connect, and goes on trying when Redis is away.
     *
     * @param telemetry told as the dependency {@code redis} when Redis goes away and comes back
     * @throws UnavailableException when sentinels or a cluster cannot be asked where to connect
     */
    public static RedisAdapter connect(
            RedisSettings settings, Local local, IdSource ids, Timers timers, Telemetry telemetry) {
        return connect(settings, local, ids, timers, telemetry, Options.USUAL);
    }

    static RedisAdapter connect(
            RedisSettings settings, Local local, IdSource ids, Timers timers, Telemetry telemetry, Options options) {
        RedisAdapter adapter = new RedisAdapter(settings, local, ids, timers, telemetry, options);
        adapter.subscriber.start();
        return adapter;
    }

    public StreamLog streams() {
        return streams;
    }

    public EventBus bus() {
        return bus;
    }

    public Presence presence() {
        return presence;
    }

    public RateLimiter limiter() {
        return limiter;
    }

    public Leases leases() {
        return leases;
    }

    public ConnectionRegistry connections() {
        return connections;
    }

    /** What is wrong with Redis that no waiting mends, for an operator; empty when nothing is, and when nobody answers. */
    public Optional<String> refusal() {
        return Greeting.refusal(dialling, settings.place());
    }

    /** Asks Redis whether it is there, and takes what it is told. @throws UnavailableException with what is wrong when that is not so */
    public void check() {
        broker.call(
                true,
                redis -> redis.set(names.health(), Answers.bytes(HEALTHY), SetParams.setParams().px(HEALTH_KEPT.toMillis())));
        if (!subscriber.connected()) {
            throw new UnavailableException("Expected to be connected to Redis for listening");
        }
    }

    /** Waits until the nodes can hear each other; false when that is not so in that time. */
    public boolean awaitConnection(Duration patience) {
        return subscriber.awaitConnection(patience);
    }

    /** Whether Redis answered lately. */
    public boolean reachable() {
        return circuit.closed() && subscriber.connected();
    }

    /** How many replies this node writes or reads now. */
    int replies() {
        return streams.size();
    }

    /** Where it is, for people. */
    public String place() {
        return settings.place();
    }

    @Override
    public void close() {
        bus.close();
        streams.close();
        subscriber.close();
        broker.close();
        dialling.close();
    }

    private void changed(boolean up, Telemetry telemetry) {
        telemetry.on(new TelemetryEvent.DependencyChanged("redis", up));
        if (up) {
            bus.back();
        } else {
            dialling.dropIdle();
        }
    }
}
