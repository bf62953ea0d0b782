package dev.parley.adapter.redis;

import static dev.parley.adapter.redis.Answers.bytes;

import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.limit.Usage;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Exact sliding windows on Redis' own clock; each decision, over however many quotas, is one indivisible step. */
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
    public Decision tryAcquire(List<Demand> demands) {
        List<byte[]> keys = new ArrayList<>();
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(time.get());
        Duration reset = Duration.ZERO;
        for (Demand demand : demands) {
            keys.add(names.limit(demand.key()));
            arguments.add(bytes(micros(demand.quota())));
            arguments.add(bytes(demand.quota().permits()));
            arguments.add(bytes(demand.permits()));
            reset = reset.compareTo(demand.quota().window()) < 0 ? demand.quota().window() : reset;
        }
        List<Object> answer = broker.list(Script.LIMIT, keys, arguments);
        long least = Long.MAX_VALUE;
        for (Object one : answer.subList(1, answer.size())) {
            least = Math.min(least, Answers.number(one));
        }
        return Answers.number(answer.getFirst()) == 1
                ? new Decision.Allowed((int) least, reset)
                : new Decision.Denied(span(least));
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
