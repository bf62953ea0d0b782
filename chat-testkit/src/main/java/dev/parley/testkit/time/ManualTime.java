package dev.parley.testkit.time;

import dev.parley.domain.Registration;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A clock and timers that stand still until a test moves them.
 *
 * <p>Tasks run on the thread that calls {@link #advance}, one after another in the order of their times, each seeing the
 * instant it was due at; so they must not wait for another advance. Safe for use by many threads.
 */
public final class ManualTime implements InstantSource, Timers {
    private static final System.Logger LOG = System.getLogger(ManualTime.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Task> waiting =
            new PriorityQueue<>(Comparator.comparing(Task::due).thenComparingLong(Task::number));
    private Instant now;
    private long tasks;

    private record Task(Instant due, long number, Runnable work) {}

    /** Begins at 2026-01-01T00:00:00Z. */
    public ManualTime() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    public ManualTime(Instant start) {
        this.now = start;
    }

    @Override
    public Instant instant() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Registration after(Duration delay, Runnable work) {
        lock.lock();
        try {
            Task task = new Task(delay.isNegative() ? now : now.plus(delay), tasks++, work);
            waiting.add(task);
            return () -> cancel(task);
        } finally {
            lock.unlock();
        }
    }

    /** Lets {@code step} pass and runs everything that falls due on the way, also what such tasks plan themselves. */
    public void advance(Duration step) {
        Instant end = instant().plus(step);
        for (Optional<Task> due = nextUntil(end); due.isPresent(); due = nextUntil(end)) {
            run(due.get());
        }
        lock.lock();
        try {
            now = now.isAfter(end) ? now : end;
        } finally {
            lock.unlock();
        }
    }

    /** How many tasks wait for their time. */
    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Task> nextUntil(Instant end) {
        lock.lock();
        try {
            Task next = waiting.peek();
            if (next == null || next.due().isAfter(end)) {
                return Optional.empty();
            }
            waiting.remove(next);
            now = now.isAfter(next.due()) ? now : next.due();
            return Optional.of(next);
        } finally {
            lock.unlock();
        }
    }

    private void cancel(Task task) {
        lock.lock();
        try {
            waiting.remove(task);
        } finally {
            lock.unlock();
        }
    }

    private static void run(Task task) {
        try {
            task.work().run();
        } catch (RuntimeException | AssertionError thrown) {
            LOG.log(System.Logger.Level.ERROR, "A timer's task failed", thrown);
        }
    }
}
