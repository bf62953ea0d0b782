package dev.parley.adapter.embedded.memory;

import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.limit.Usage;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one key was granted, oldest first.
 *
 * <p>It remembers at most {@value #MOST_GRANTS} grants one by one. When there are more, neighbours are taken for one that was
 * given at the later one's time: that never allows more than the quota, it may only free some permits a little later.
 */
final class GrantWindow {

    static final int MOST_GRANTS = 4_096;

    private final ReentrantLock lock = new ReentrantLock();
    private long[] times = new long[4];
    private int[] permits = new int[4];
    private int size;
    private long idleFrom;
    private boolean retired;

    /** Decides; null when this window was retired in the meantime and another one is to be asked. */
    @Nullable
    Decision tryAcquire(ForwardClock clock, Quota quota, int wanted) {
        lock.lock();
        try {
            if (retired) {
                return null;
            }
            long wait = waitFor(clock, quota, wanted);
            return wait > 0
                    ? new Decision.Denied(Duration.ofNanos(wait))
                    : new Decision.Allowed(take(clock, quota, wanted), quota.window());
        } finally {
            lock.unlock();
        }
    }

    /** Keeps it for several steps; false when it was retired. */
    boolean enter() {
        lock.lock();
        if (retired) {
            lock.unlock();
            return false;
        }
        return true;
    }

    /** Lets others at it after {@link #enter}. */
    void leave() {
        lock.unlock();
    }

    /** How many nanoseconds until so much can be taken, zero when it can be now. Between {@link #enter} and {@link #leave}. */
    long waitFor(ForwardClock clock, Quota quota, int wanted) {
        long now = clock.nanos();
        long span = ForwardClock.nanosOf(quota.window());
        drop(firstSince(now - span));
        long used = sumFrom(0);
        return used + wanted > quota.permits() ? freedAfter(used + wanted - quota.permits(), now, span) : 0;
    }

    /** Takes what there is; returns how much is left. Between {@link #enter} and {@link #leave}. */
    int take(ForwardClock clock, Quota quota, int wanted) {
        long now = clock.nanos();
        add(now, wanted);
        idleFrom = Math.max(idleFrom, now + ForwardClock.nanosOf(quota.window()));
        return (int) (quota.permits() - sumFrom(0));
    }

    Usage usage(ForwardClock clock, Quota quota) {
        lock.lock();
        try {
            long now = clock.nanos();
            long span = ForwardClock.nanosOf(quota.window());
            int first = firstSince(now - span);
            if (first == size) {
                return new Usage(0, quota.permits(), Duration.ZERO);
            }
            int used = (int) Math.min(sumFrom(first), Integer.MAX_VALUE);
            return new Usage(used, quota.permits(), Duration.ofNanos(times[size - 1] + span - now));
        } finally {
            lock.unlock();
        }
    }

    boolean retireIfIdle(ForwardClock clock) {
        lock.lock();
        try {
            retired = idleFrom <= clock.nanos();
            return retired;
        } finally {
            lock.unlock();
        }
    }

    /** The place of the first grant after {@code time}. */
    private int firstSince(long time) {
        int first = 0;
        while (first < size && times[first] <= time) {
            first++;
        }
        return first;
    }

    private long sumFrom(int first) {
        long sum = 0;
        for (int i = first; i < size; i++) {
            sum += permits[i];
        }
        return sum;
    }

    /** How long from {@code now} until at least {@code needed} of the oldest permits are free again. */
    private long freedAfter(long needed, long now, long span) {
        long freed = 0;
        int i = 0;
        while (i < size - 1 && freed + permits[i] < needed) {
            freed += permits[i];
            i++;
        }
        return times[i] + span - now;
    }

    private void drop(int count) {
        if (count > 0) {
            System.arraycopy(times, count, times, 0, size - count);
            System.arraycopy(permits, count, permits, 0, size - count);
            size -= count;
        }
    }

    private void add(long now, int granted) {
        if (size > 0 && times[size - 1] == now) {
            permits[size - 1] += granted;
            return;
        }
        if (size == MOST_GRANTS) {
            mergeNeighbours();
        }
        if (size == times.length) {
            times = Arrays.copyOf(times, Math.min(MOST_GRANTS, size * 2));
            permits = Arrays.copyOf(permits, times.length);
        }
        times[size] = now;
        permits[size] = granted;
        size++;
    }

    private void mergeNeighbours() {
        for (int i = 0; i < size / 2; i++) {
            times[i] = times[2 * i + 1];
            permits[i] = permits[2 * i] + permits[2 * i + 1];
        }
        size /= 2;
    }
}
