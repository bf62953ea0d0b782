package dev.parley.benchmarks.micro;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.embedded.system.SystemTimers;
import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** A decision of the limiter in memory, among ten thousand users. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Threads(2)
public class RateLimiterBenchmark {

    private static final int USERS = 10_000;

    private final SystemTimers timers = SystemTimers.start();
    private final LiveMemory live = LiveMemory.create(InstantSource.system(), timers);
    private final Quota quota = new Quota(100, Duration.ofSeconds(1));
    private final LimitKey[] keys = IntStream.range(0, USERS)
            .mapToObj(user -> new LimitKey("frames", "user-" + user))
            .toArray(LimitKey[]::new);

    /** Which user asks next. */
    @State(Scope.Thread)
    public static class Turn {
        private int next;

        int next() {
            next = (next + 7919) % USERS;
            return next;
        }
    }

    @TearDown
    public void end() {
        live.close();
        timers.close();
    }

    @Benchmark
    public Decision decideAmongMany(Turn turn) {
        return live.limiter().tryAcquire(keys[turn.next()], quota, 1);
    }

    /** A single user far beyond the limit. */
    @Benchmark
    public Decision denyOne() {
        return live.limiter().tryAcquire(keys[0], quota, 1);
    }
}
