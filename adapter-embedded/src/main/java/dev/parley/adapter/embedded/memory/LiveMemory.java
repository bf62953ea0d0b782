package dev.parley.adapter.embedded.memory;

import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Leases;
import dev.parley.domain.live.Presence;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Every live port for a server that is alone: its memory is the only copy, and ends with it.
 *
 * <p>None of the ports blocks, except for a cursor's own wait and for a closing subscription, which lets a call of its listener
 * that has begun come to its end for at most a second. Closing forgets all logs, so that waiting cursors find
 * {@link StreamLog.Read.Gone}, and ends all subscriptions.
 */
public final class LiveMemory implements AutoCloseable {

    /**
     * How long a stream log is kept.
     *
     * @param ended after its end
     * @param abandoned after its last piece, when it was never ended
     */
    public record Retention(Duration ended, Duration abandoned) {

        /** Ten minutes after the end, and an hour after the last sign of life. */
        public static final Retention DEFAULT = new Retention(Duration.ofMinutes(10), Duration.ofHours(1));

        public Retention {
            if (ended.isNegative() || abandoned.isNegative()) {
                throw new IllegalArgumentException("Expected spans from zero, found " + ended + " and " + abandoned);
            }
        }
    }

    private final MemoryStreamLog streams;
    private final MemoryEventBus bus = new MemoryEventBus();
    private final MemoryPresence presence;
    private final MemoryRateLimiter limiter;
    private final MemoryLeases leases;
    private final ConnectionRegistry connections = new MemoryConnectionRegistry();

    private LiveMemory(InstantSource clock, Timers timers, Retention retention) {
        ForwardClock forward = new ForwardClock(clock);
        streams = new MemoryStreamLog(clock, timers, retention);
        presence = new MemoryPresence(forward);
        limiter = new MemoryRateLimiter(forward, timers);
        leases = new MemoryLeases(forward);
    }

    /** Live ports that keep stream logs for as long as {@link Retention#DEFAULT} says. */
    public static LiveMemory create(InstantSource clock, Timers timers) {
        return create(clock, timers, Retention.DEFAULT);
    }

    public static LiveMemory create(InstantSource clock, Timers timers, Retention retention) {
        return new LiveMemory(clock, timers, retention);
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

    @Override
    public void close() {
        bus.close();
        limiter.close();
        streams.close();
    }
}
