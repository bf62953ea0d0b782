package dev.parley.benchmarks.peer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes many threads at their times for less than their own timers would take: one platform thread, one look each millisecond.
 */
final class Metronome {

    private static final int SLOTS = 4096;

    private record Sleeper(long tick, Thread thread) {}

    private final List<ArrayDeque<Sleeper>> wheel = new ArrayList<>();
    private final ConcurrentLinkedQueue<Sleeper> arriving = new ConcurrentLinkedQueue<>();
    private volatile long now;

    private Metronome() {
        for (int i = 0; i < SLOTS; i++) {
            wheel.add(new ArrayDeque<>());
        }
    }

    static Metronome start() {
        Metronome metronome = new Metronome();
        Thread.ofPlatform().daemon().name("metronome").start(metronome::beat);
        return metronome;
    }

    long now() {
        return now;
    }

    /** Waits until the millisecond {@code tick}, which is at most four seconds away. */
    void await(long tick) throws InterruptedException {
        if (tick <= now) {
            return;
        }
        arriving.add(new Sleeper(tick, Thread.currentThread()));
        while (now < tick) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void beat() {
        long began = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(began + (now + 1) * 1_000_000 - System.nanoTime());
            long until = (System.nanoTime() - began) / 1_000_000;
            for (long tick = now + 1; tick <= until; tick++) {
                take();
                now = tick;
                ArrayDeque<Sleeper> slot = wheel.get((int) (tick % SLOTS));
                slot.forEach(sleeper -> LockSupport.unpark(sleeper.thread()));
                slot.clear();
            }
        }
    }

    private void take() {
        Sleeper sleeper = arriving.poll();
        while (sleeper != null) {
            long at = Math.max(sleeper.tick(), now + 1);
            wheel.get((int) (at % SLOTS)).add(sleeper);
            sleeper = arriving.poll();
        }
    }
}
