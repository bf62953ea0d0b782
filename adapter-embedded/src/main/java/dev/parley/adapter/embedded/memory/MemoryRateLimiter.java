package dev.parley.adapter.embedded.memory;

import dev.parley.domain.Registration;
import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One window of grants for each key; keys whose grants have all run out are forgotten once a minute. */
final class MemoryRateLimiter implements RateLimiter, AutoCloseable {

    private static final Duration EVICT_EVERY = Duration.ofMinutes(1);

    private final ForwardClock clock;
    private final Timers timers;
    private final Map<LimitKey, GrantWindow> windows = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Registration eviction;
    private boolean closed;

    MemoryRateLimiter(ForwardClock clock, Timers timers) {
        this.clock = clock;
        this.timers = timers;
    }

    @Override
    public Decision tryAcquire(LimitKey key, Quota quota, int permits) {
        if (permits < 1 || permits > quota.permits()) {
            throw new IllegalArgumentException("Expected 1 to " + quota.permits() + " permits, found " + permits);
        }
        while (true) {
            GrantWindow window = windows.get(key);
            if (window == null) {
                GrantWindow fresh = new GrantWindow();
                window = windows.putIfAbsent(key, fresh);
                if (window == null) {
                    window = fresh;
                    evictLater();
                }
            }
            Decision decision = window.tryAcquire(clock, quota, permits);
            if (decision != null) {
                return decision;
            }
        }
    }

    @Override
    public Usage usage(LimitKey key, Quota quota) {
        GrantWindow window = windows.get(key);
        return window == null ? new Usage(0, quota.permits(), Duration.ZERO) : window.usage(clock, quota);
    }

    /** How many keys are remembered. */
    int keys() {
        return windows.size();
    }

    private void evictLater() {
        lock.lock();
        try {
            if (eviction == null && !closed) {
                eviction = timers.after(EVICT_EVERY, this::evict);
            }
        } finally {
            lock.unlock();
        }
    }

    private void evict() {
        windows.values().removeIf(window -> window.retireIfIdle(clock));
        lock.lock();
        try {
            eviction = null;
        } finally {
            lock.unlock();
        }
        if (!windows.isEmpty()) {
            evictLater();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (eviction != null) {
                eviction.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
