package dev.parley.testkit.wire;

import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What a {@link FaultProxy} does to bytes at the moment: all of its connections ask here before they pass any on. */
final class FaultyLine {

    /** How finely a slow line is cut: so many portions in a second. */
    private static final int PORTIONS = 100;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by lock
    private final Set<FaultProxy.Way> held = EnumSet.noneOf(FaultProxy.Way.class);
    private final Map<FaultProxy.Way, Long> freeAt = new EnumMap<>(FaultProxy.Way.class);
    private final Map<FaultProxy.Way, Long> passed = new EnumMap<>(FaultProxy.Way.class);
    private final Map<FaultProxy.Way, Long> last = new EnumMap<>(FaultProxy.Way.class);
    private long delay;
    private OptionalLong rate = OptionalLong.empty();

    void delay(Duration longer) {
        change(() -> delay = longer.toNanos());
    }

    void throttle(long bytesPerSecond) {
        change(() -> {
            freeAt.clear();
            rate = OptionalLong.of(bytesPerSecond);
        });
    }

    void hold(Set<FaultProxy.Way> ways) {
        change(() -> held.addAll(ways));
    }

    /** The line ends after so many more bytes. */
    void endAfter(FaultProxy.Way way, long bytes) {
        change(() -> last.put(way, passed.getOrDefault(way, 0L) + bytes));
    }

    void heal() {
        change(() -> {
            delay = 0;
            rate = OptionalLong.empty();
            freeAt.clear();
            held.clear();
            last.clear();
        });
    }

    long passed(FaultProxy.Way way) {
        lock.lock();
        try {
            return passed.getOrDefault(way, 0L);
        } finally {
            lock.unlock();
        }
    }

    /** Whoever waits looks again. */
    void wake() {
        change(() -> {});
    }

    /** Waits until an end that came at {@code since} may pass to {@code to}, or that is closed. */
    void awaitPassage(FaultProxy.Way way, long since, Socket to) throws InterruptedException {
        lock.lock();
        try {
            awaitOpen(way, since, to, false);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until bytes that came at {@code since} may pass to {@code to}, or that is closed.
     *
     * @return how many of {@code wanted} may; none when the line ends before them
     */
    int awaitPassage(FaultProxy.Way way, long since, Socket to, int wanted) throws InterruptedException {
        lock.lock();
        try {
            awaitOpen(way, since, to, true);
            if (to.isClosed()) {
                return wanted;
            }
            int portion = wanted;
            if (rate.isPresent()) {
                portion = (int) Math.min(wanted, Math.max(1, rate.getAsLong() / PORTIONS));
                long took = TimeUnit.SECONDS.toNanos(portion) / rate.getAsLong();
                freeAt.put(way, Math.max(freeAt.getOrDefault(way, 0L), System.nanoTime()) + took);
            }
            long before = passed.getOrDefault(way, 0L);
            Long end = last.get(way);
            if (end != null) {
                portion = (int) Math.min(portion, end - before);
            }
            passed.put(way, before + portion);
            return portion;
        } finally {
            lock.unlock();
        }
    }

    private void awaitOpen(FaultProxy.Way way, long since, Socket to, boolean bytes) throws InterruptedException {
        while (!to.isClosed() && (held.contains(way) || left(way, since, bytes) > 0)) {
            if (held.contains(way)) {
                changed.await();
            } else {
                long over = changed.awaitNanos(left(way, since, bytes));
                assert over <= TimeUnit.DAYS.toNanos(1) : "a wait that is over";
            }
        }
    }

    /** How long it still takes until something that came at {@code since} may pass, in nanoseconds. */
    private long left(FaultProxy.Way way, long since, boolean bytes) {
        long due = since + delay;
        if (bytes && rate.isPresent()) {
            due = Math.max(due, freeAt.getOrDefault(way, 0L));
        }
        return due - System.nanoTime();
    }

    private void change(Runnable how) {
        lock.lock();
        try {
            how.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
