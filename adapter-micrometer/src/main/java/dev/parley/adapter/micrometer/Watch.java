package dev.parley.adapter.micrometer;

import dev.parley.domain.access.UserId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.telemetry.Standouts.SessionErrors;
import dev.parley.domain.telemetry.Standouts.UserTraffic;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/** Watches for who stands out: the present span of five minutes and the one before it, with a bound on how many are watched in each. */
final class Watch {

    private static final long SPAN_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final int MOST_WATCHED = 10_000;

    /** Two numbers that only grow. */
    private static final class Pair {
        final LongAdder first = new LongAdder();
        final LongAdder second = new LongAdder();
    }

    private static final class Span {
        final long number;
        final Map<UserId, Pair> bytes = new ConcurrentHashMap<>();
        final Map<SessionId, Pair> commands = new ConcurrentHashMap<>();

        Span(long number) {
            this.number = number;
        }
    }

    private final InstantSource clock;
    private final ReentrantLock turning = new ReentrantLock();
    private volatile List<Span> spans;

    Watch(InstantSource clock) {
        this.clock = clock;
        long number = clock.millis() / SPAN_MILLIS;
        spans = List.of(new Span(number), new Span(number - 1));
    }

    void on(TelemetryEvent event) {
        if (event instanceof TelemetryEvent.BytesSent sent) {
            add(newest().bytes, sent.user(), sent.bytes(), 0);
        } else if (event instanceof TelemetryEvent.BytesReceived received) {
            add(newest().bytes, received.user(), 0, received.bytes());
        } else if (event instanceof TelemetryEvent.CommandHandled handled && handled.session().isPresent()) {
            add(newest().commands, handled.session().get(), 1, handled.refusal().isPresent() ? 1 : 0);
        }
    }

    List<UserTraffic> busiestUsers(int limit) {
        newest();
        List<Span> both = spans;
        Set<UserId> users = new HashSet<>();
        both.forEach(span -> users.addAll(span.bytes.keySet()));
        List<UserTraffic> traffic = new ArrayList<>();
        for (UserId user : users) {
            long sent = 0;
            long received = 0;
            for (Span span : both) {
                Pair pair = span.bytes.get(user);
                sent += pair == null ? 0 : pair.first.sum();
                received += pair == null ? 0 : pair.second.sum();
            }
            traffic.add(new UserTraffic(user, sent, received));
        }
        traffic.sort(Comparator.comparingLong(UserTraffic::total).reversed().thenComparing(UserTraffic::user));
        return List.copyOf(traffic.subList(0, Math.min(limit, traffic.size())));
    }

    List<SessionErrors> mostRefusedSessions(int limit) {
        newest();
        List<Span> both = spans;
        Set<SessionId> sessions = new HashSet<>();
        both.forEach(span -> sessions.addAll(span.commands.keySet()));
        List<SessionErrors> errors = new ArrayList<>();
        for (SessionId session : sessions) {
            long commands = 0;
            long refused = 0;
            for (Span span : both) {
                Pair pair = span.commands.get(session);
                commands += pair == null ? 0 : pair.first.sum();
                refused += pair == null ? 0 : pair.second.sum();
            }
            if (refused > 0) {
                errors.add(new SessionErrors(session, commands, refused));
            }
        }
        errors.sort(Comparator.comparingDouble(SessionErrors::rate)
                .thenComparingLong(SessionErrors::refused)
                .reversed()
                .thenComparing(SessionErrors::session));
        return List.copyOf(errors.subList(0, Math.min(limit, errors.size())));
    }

    private static <K> void add(Map<K, Pair> watched, K key, long first, long second) {
        Pair pair = watched.get(key);
        if (pair == null) {
            if (watched.size() >= MOST_WATCHED) {
                return;
            }
            pair = watched.computeIfAbsent(key, absent -> new Pair());
        }
        pair.first.add(Math.max(0, first));
        pair.second.add(Math.max(0, second));
    }

    private Span newest() {
        long number = clock.millis() / SPAN_MILLIS;
        Span newest = spans.getFirst();
        return newest.number >= number ? newest : turned(number);
    }

    private Span turned(long number) {
        turning.lock();
        try {
            Span newest = spans.getFirst();
            if (newest.number < number) {
                Span fresh = new Span(number);
                spans = List.of(fresh, newest.number == number - 1 ? newest : new Span(number - 1));
                return fresh;
            }
            return newest;
        } finally {
            turning.unlock();
        }
    }
}
