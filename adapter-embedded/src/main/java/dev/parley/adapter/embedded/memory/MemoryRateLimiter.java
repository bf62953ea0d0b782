package dev.parley.adapter.embedded.memory;

import dev.parley.domain.Registration;
import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One window of grants for each key; keys whose grants have all run out are forgotten once a minute. */
final class MemoryRateLimiter implements RateLimiter, AutoCloseable {

    private static final Comparator<Demand> BY_KEY = Comparator
            .comparing((Demand demand) -> demand.key().bucket())
            .thenComparing(demand -> demand.key().holder());
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
            Decision decision = window(key).tryAcquire(clock, quota, permits);
            if (decision != null) {
                return decision;
            }
        }
    }

    @Override
    public Decision tryAcquire(List<Demand> demands) {
        if (demands.size() == 1) {
            Demand only = demands.getFirst();
            return tryAcquire(only.key(), only.quota(), only.permits());
        }
        // Always in the same order, so that nobody waits for somebody who waits for them.
        List<Demand> ordered = demands.stream().sorted(BY_KEY).toList();
        List<GrantWindow> entered = new ArrayList<>();
        try {
            for (Demand demand : ordered) {
                entered.add(entered(demand.key()));
            }
            return decide(ordered, entered);
        } finally {
            entered.forEach(GrantWindow::leave);
        }
    }

    private Decision decide(List<Demand> demands, List<GrantWindow> windows) {
        long wait = 0;
        for (int i = 0; i < demands.size(); i++) {
            Demand demand = demands.get(i);
            wait = Math.max(wait, windows.get(i).waitFor(clock, demand.quota(), demand.permits()));
        }
        if (wait > 0) {
            return new Decision.Denied(Duration.ofNanos(wait));
        }
        int left = Integer.MAX_VALUE;
        Duration reset = Duration.ZERO;
        for (int i = 0; i < demands.size(); i++) {
            Quota quota = demands.get(i).quota();
            left = Math.min(left, windows.get(i).take(clock, quota, demands.get(i).permits()));
            reset = reset.compareTo(quota.window()) < 0 ? quota.window() : reset;
        }
        return new Decision.Allowed(left, reset);
    }

    private GrantWindow entered(LimitKey key) {
        GrantWindow window = window(key);
        while (!window.enter()) {
            window = window(key);
        }
        return window;
    }

    private GrantWindow window(LimitKey key) {
        GrantWindow window = windows.get(key);
        if (window != null) {
            return window;
        }
        GrantWindow fresh = new GrantWindow();
        GrantWindow present = windows.putIfAbsent(key, fresh);
        if (present == null) {
            evictLater();
        }
        return present == null ? fresh : present;
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
