package dev.parley.adapter.redis;

import static dev.parley.adapter.redis.Answers.bytes;

import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.limit.Usage;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;

/** Exact sliding windows on Redis' own clock; each decision is one indivisible step. */
final class RedisRateLimiter implements RateLimiter {

    private static final long MOST_MICROS = 1L << 50;

    private final Broker broker;
    private final Names names;
    private final Supplier<byte[]> time;

    RedisRateLimiter(Broker broker, Names names, Supplier<byte[]> time) {
        this.broker = broker;
        this.names = names;
        this.time = time;
    }

    @Override
    public Decision tryAcquire(LimitKey key, Quota quota, int permits) {
        if (permits < 1 || permits > quota.permits()) {
            throw new IllegalArgumentException("Expected 1 to " + quota.permits() + " permits, found " + permits);
        }
        List<Object> answer = broker.list(
                Script.LIMIT,
                List.of(names.limit(key)),
                List.of(time.get(), bytes(micros(quota)), bytes(quota.permits()), bytes(permits)));
        long second = Answers.number(answer.get(1));
        return Answers.number(answer.get(0)) == 1
                ? new Decision.Allowed((int) second, quota.window())
                : new Decision.Denied(span(second));
    }

    @Override
    public Usage usage(LimitKey key, Quota quota) {
        List<Object> answer =
                broker.list(Script.USAGE, List.of(names.limit(key)), List.of(time.get(), bytes(micros(quota))));
        int used = (int) Math.min(Answers.number(answer.get(0)), Integer.MAX_VALUE);
        return new Usage(used, quota.permits(), span(Answers.number(answer.get(1))));
    }

    private static long micros(Quota quota) {
        long most = Duration.of(MOST_MICROS, ChronoUnit.MICROS).compareTo(quota.window()) < 0
                ? MOST_MICROS
                : Math.ceilDiv(quota.window().toNanos(), 1_000);
        return Math.max(1, most);
    }

    private static Duration span(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
