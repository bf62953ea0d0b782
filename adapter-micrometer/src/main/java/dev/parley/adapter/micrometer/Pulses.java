package dev.parley.adapter.micrometer;

import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.telemetry.Pulse;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the operations page shows: sums alone, so that asking often costs nothing. */
final class Pulses {

    private static final Duration LONGEST = Duration.ofDays(1);

    /** How often, and how long together. */
    private static final class Sum {
        final LongAdder count = new LongAdder();
        final LongAdder nanos = new LongAdder();

        void add(Duration took) {
            count.increment();
            nanos.add(took.isNegative() ? 0 : took.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : took.toNanos());
        }

        Pulse.Times times() {
            return new Pulse.Times(count.sum(), Duration.ofNanos(nanos.sum()));
        }
    }

    private final Map<String, AtomicInteger> connections = new ConcurrentHashMap<>();
    private final Map<ErrorCode, LongAdder> errors = new ConcurrentHashMap<>();
    private final LongAdder replies = new LongAdder();
    private final Sum commands = new Sum();
    private final Sum firstTokens = new Sum();
    private final Sum commits = new Sum();
    private final Labels protocols = new Labels();

    void on(TelemetryEvent event) {
        switch (event) {
            case TelemetryEvent.ConnectionOpened opened -> open(opened.protocol()).incrementAndGet();
            case TelemetryEvent.ConnectionClosed closed ->
                    open(closed.protocol()).updateAndGet(open -> Math.max(0, open - 1));
            case TelemetryEvent.CommandHandled handled -> {
                commands.add(handled.took());
                failed(handled.refusal());
            }
            case TelemetryEvent.FirstToken first -> firstTokens.add(first.took());
            case TelemetryEvent.ReplyEnded ended -> {
                replies.increment();
                failed(ended.error());
            }
            case TelemetryEvent.StoreCommitted committed -> commits.add(committed.took());
            case TelemetryEvent.ConnectionRefused e -> {}
            case TelemetryEvent.MessageStored e -> {}
            case TelemetryEvent.QueueChanged e -> {}
            case TelemetryEvent.LimitDecided e -> {}
            case TelemetryEvent.BytesSent e -> {}
            case TelemetryEvent.BytesReceived e -> {}
            case TelemetryEvent.DependencyChanged e -> {}
        }
    }

    Pulse pulse() {
        Map<String, Integer> open = new HashMap<>();
        connections.forEach((protocol, number) -> open.put(protocol, number.get()));
        Map<ErrorCode, Long> failures = new EnumMap<>(ErrorCode.class);
        errors.forEach((code, number) -> failures.put(code, number.sum()));
        return new Pulse(open, replies.sum(), failures, commands.times(), firstTokens.times(), commits.times());
    }

    private void failed(Optional<ErrorCode> code) {
        code.ifPresent(error -> errors.computeIfAbsent(error, absent -> new LongAdder()).increment());
    }

    private AtomicInteger open(String protocol) {
        return connections.computeIfAbsent(protocols.of(protocol), absent -> new AtomicInteger());
    }
}
