package dev.parley.adapter.micrometer;

import dev.parley.domain.telemetry.TelemetryEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Every meter, made when it is first needed and then found without asking the registry again. */
final class Meters {

    private record Key(Metric metric, List<String> tags) {}

    private static final Duration LONGEST = Duration.ofDays(1_000);
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(100),
        Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(3),
        Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(10)
    };

    private final MeterRegistry registry;
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();
    private final Map<Key, DistributionSummary> summaries = new ConcurrentHashMap<>();
    private final Map<Key, AtomicInteger> gauges = new ConcurrentHashMap<>();
    private final Labels protocols = new Labels();
    private final Labels models = new Labels();
    private final Labels commands = new Labels();
    private final Labels buckets = new Labels();
    private final Labels dependencies = new Labels();

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    void on(TelemetryEvent event) {
        switch (event) {
            case TelemetryEvent.ConnectionOpened opened -> {
                String protocol = protocols.of(opened.protocol());
                gauge(Metric.CONNECTIONS, "protocol", protocol).incrementAndGet();
                count(Metric.CONNECTIONS_OPENED, 1, "protocol", protocol);
            }
            case TelemetryEvent.ConnectionClosed closed -> {
                String protocol = protocols.of(closed.protocol());
                gauge(Metric.CONNECTIONS, "protocol", protocol).updateAndGet(open -> Math.max(0, open - 1));
                count(Metric.CONNECTIONS_CLOSED, 1, "protocol", protocol, "code", closingCode(closed.code()));
                time(Metric.CONNECTION_OPEN, closed.open(), "protocol", protocol);
            }
            case TelemetryEvent.ConnectionRefused refused ->
                    count(Metric.CONNECTIONS_REFUSED, 1, "status", statusCode(refused.status()));
            case TelemetryEvent.CommandHandled handled -> {
                time(Metric.COMMAND, handled.took(), "command", commands.of(handled.command()));
                handled.refusal().ifPresent(code -> count(Metric.ERRORS, 1, "code", code.name()));
            }
            case TelemetryEvent.MessageStored stored -> time(Metric.MESSAGE_STORED, stored.took());
            case TelemetryEvent.QueueChanged changed -> {
                gauge(Metric.QUEUE_WAITING).set(changed.waiting());
                gauge(Metric.QUEUE_RUNNING).set(changed.running());
            }
            case TelemetryEvent.FirstToken first ->
                    time(Metric.FIRST_TOKEN, first.took(), "model", models.of(first.model()));
            case TelemetryEvent.ReplyEnded ended -> reply(ended);
            case TelemetryEvent.LimitDecided decided ->
                    count(
                            Metric.LIMIT_DECISIONS,
                            1,
                            "bucket",
                            buckets.of(decided.bucket()),
                            "allowed",
                            String.valueOf(decided.allowed()));
            case TelemetryEvent.BytesSent sent ->
                    count(Metric.SENT_BYTES, sent.bytes(), "protocol", protocols.of(sent.protocol()));
            case TelemetryEvent.BytesReceived received ->
                    count(Metric.RECEIVED_BYTES, received.bytes(), "protocol", protocols.of(received.protocol()));
            case TelemetryEvent.StoreCommitted committed -> {
                time(Metric.STORE_COMMIT, committed.took());
                summary(Metric.STORE_COMMIT_STEPS).record(Math.max(0, committed.steps()));
            }
            case TelemetryEvent.DependencyChanged changed ->
                    gauge(Metric.DEPENDENCY_UP, "name", dependencies.of(changed.name())).set(changed.up() ? 1 : 0);
        }
    }

    private void reply(TelemetryEvent.ReplyEnded ended) {
        String model = models.of(ended.model());
        count(Metric.REPLIES, 1, "model", model, "status", ended.status().name());
        ended.error().ifPresent(code -> count(Metric.ERRORS, 1, "code", code.name()));
        count(Metric.REPLY_TOKENS, ended.tokens(), "model", model);
        time(Metric.REPLY, ended.took(), "model", model);
        if (ended.tokens() > 0 && ended.took().toMillis() > 0) {
            double perSecond = ended.tokens() * 1_000.0 / ended.took().toMillis();
            summary(Metric.TOKENS_PER_SECOND, "model", model).record(perSecond);
        }
    }

    private void count(Metric metric, long amount, String... tags) {
        Key key = new Key(metric, List.of(tags));
        Counter counter = found(
                counters, key,
                () -> Counter.builder(metric.dotted()).description(metric.meaning()).tags(tags).register(registry));
        counter.increment((double) Math.max(0, amount));
    }

    private void time(Metric metric, Duration took, String... tags) {
        Key key = new Key(metric, List.of(tags));
        Timer timer = found(timers, key, () -> Timer.builder(metric.dotted())
                .description(metric.meaning())
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry));
        timer.record(took.isNegative() ? Duration.ZERO : took.compareTo(LONGEST) > 0 ? LONGEST : took);
    }

    private DistributionSummary summary(Metric metric, String... tags) {
        Key key = new Key(metric, List.of(tags));
        return found(
                summaries,
                key,
                () -> DistributionSummary.builder(metric.dotted()).description(metric.meaning()).tags(tags).register(registry));
    }

    private AtomicInteger gauge(Metric metric, String... tags) {
        Key key = new Key(metric, List.of(tags));
        return found(gauges, key, () -> {
            AtomicInteger value = new AtomicInteger();
            Gauge.builder(metric.dotted(), value, AtomicInteger::get).description(metric.meaning()).tags(tags).register(registry);
            return value;
        });
    }

    private static <T> T found(Map<Key, T> meters, Key key, Supplier<T> make) {
        T meter = meters.get(key);
        return meter == null ? meters.computeIfAbsent(key, absent -> make.get()) : meter;
    }

    /** Peers choose their own closing codes, so only those of the tables count. */
    private static String closingCode(int code) {
        boolean known = (code >= 1000 && code <= 1015) || (code >= 4000 && code <= 4009) || (code >= 4500 && code <= 4509);
        return known ? String.valueOf(code) : Labels.OTHER;
    }

    private static String statusCode(int status) {
        return status >= 100 && status <= 599 ? String.valueOf(status) : Labels.OTHER;
    }
}
