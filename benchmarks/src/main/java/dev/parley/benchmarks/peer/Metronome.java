package dev.parley.benchmarks.peer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes many threads at their times for less than their own timers would take: one platform thread, one look each millisecond while somebody waits.
 */
final class Metronome {

    private static final int SLOTS = 4096;

    private record Sleeper(long tick, Thread thread) {}

    private final List<ArrayDeque<Sleeper>> wheel = new ArrayList<>();
    private final ConcurrentLinkedQueue<Sleeper> arriving = new ConcurrentLinkedQueue<>();
    private final Thread beater;
    private final long began = System.nanoTime();
    private volatile long beaten;
    private volatile boolean resting;
    private int sleepers;

    private Metronome() {
        beater = Thread.ofPlatform().daemon().name("metronome").unstarted(this::beat);
        for (int i = 0; i < SLOTS; i++) {
            wheel.add(new ArrayDeque<>());
        }
    }

    static Metronome start() {
        Metronome metronome = new Metronome();
        metronome.beater.start();
        return metronome;
    }

    /** Milliseconds since it was started. */
    long now() {
        return (System.nanoTime() - began) / 1_000_000;
    }

    /** Waits until the millisecond {@code tick}, which is at most four seconds away. */
    void await(long tick) throws InterruptedException {
        if (tick <= beaten) {
            return;
        }
        arriving.add(new Sleeper(tick, Thread.currentThread()));
        if (resting) {
            LockSupport.unpark(beater);
        }
        while (beaten < tick) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void beat() {
        while (true) {
            rest();
            LockSupport.parkNanos(began + (beaten + 1) * 1_000_000 - System.nanoTime());
            long until = now();
            for (long tick = beaten + 1; tick <= until; tick++) {
                take();
                beaten = tick;
                ArrayDeque<Sleeper> slot = wheel.get((int) (tick % SLOTS));
                sleepers -= slot.size();
                List<Sleeper> due = List.copyOf(slot);
                slot.clear();
                if (!due.isEmpty()) {
                    // From where they run: from here each would stop this thread for its own, and start it again.
                    Thread.ofVirtual().start(() -> due.forEach(sleeper -> LockSupport.unpark(sleeper.thread())));
                }
            }
        }
    }

    /** Nobody waits, so nothing is to be done: the process costs nothing then. */
    private void rest() {
        resting = true;
        boolean rested = false;
        while (sleepers == 0 && arriving.isEmpty()) {
            LockSupport.park(this);
            rested = true;
        }
        resting = false;
        if (rested) {
            beaten = Math.max(beaten, now() - 1);
        }
    }

    private void take() {
        Sleeper sleeper = arriving.poll();
        while (sleeper != null) {
            long at = Math.max(sleeper.tick(), beaten + 1);
            wheel.get((int) (at % SLOTS)).add(sleeper);
            sleepers++;
            sleeper = arriving.poll();
        }
    }
}
