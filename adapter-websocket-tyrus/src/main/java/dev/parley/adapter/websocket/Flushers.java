package dev.parley.adapter.websocket;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Writes for sockets to which much is written. While little is written in all, whoever has something writes it at once; once more is
 * written than a thread does well alone, writing is left to a few threads, and while they are busy with one socket, or nap, more gathers
 * for the next, so that under load several frames go with one write.
 */
final class Flushers implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Flushers.class.getName());

    /** So many writes in a slice of time are done by whoever has something to write. */
    private static final int DIRECT_WRITES = 48;

    private static final long SLICE_NANOS = 1_000_000;

    /** Whoever brings something need not wake a flusher that looks by itself so soon, and more gathers meanwhile. */
    private static final long NAP_NANOS = 500_000;

    /** After so many naps in which nobody brought anything a flusher sleeps until it is woken. */
    private static final int RESTLESS_NAPS = 4;

    private final Flusher[] flushers;
    private final AtomicInteger writes = new AtomicInteger();
    private volatile long slice = System.nanoTime();
    private volatile boolean open = true;

    Flushers(int threads) {
        flushers = IntStream.range(0, threads).mapToObj(Flusher::new).toArray(Flusher[]::new);
    }

    /** Takes a flush to be done soon, unless it is better done at once. {@code key} the same for the same socket */
    boolean take(int key, Runnable flush) {
        Flusher flusher = flushers[Math.floorMod(key, flushers.length)];
        if (!open || !flusher.busy() && !crowded()) {
            return false;
        }
        flusher.add(flush);
        return true;
    }

    private boolean crowded() {
        long now = System.nanoTime();
        if (now - slice > SLICE_NANOS) {
            slice = now;
            writes.set(0);
        }
        return writes.incrementAndGet() > DIRECT_WRITES;
    }

    @Override
    public void close() {
        open = false;
        for (Flusher flusher : flushers) {
            LockSupport.unpark(flusher.thread);
        }
    }

    private final class Flusher {
        private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        private final Thread thread;
        private volatile boolean resting;

        Flusher(int number) {
            thread = Thread.ofPlatform().daemon().name("parley-flush-" + number).start(this::run);
        }

        boolean busy() {
            return !waiting.isEmpty();
        }

        void add(Runnable flush) {
            waiting.add(flush);
            if (resting) {
                LockSupport.unpark(thread);
            }
        }

        private void run() {
            int emptyNaps = 0;
            while (open || !waiting.isEmpty()) {
                emptyNaps = flushAll() ? 0 : emptyNaps + 1;
                if (emptyNaps > RESTLESS_NAPS) {
                    rest();
                    emptyNaps = 0;
                }
                LockSupport.parkNanos(this, NAP_NANOS);
            }
        }

        /** Writes what waits; false when nothing did. */
        private boolean flushAll() {
            Runnable next = waiting.poll();
            boolean any = next != null;
            while (next != null) {
                flush(next);
                next = waiting.poll();
            }
            return any;
        }

        private void flush(Runnable next) {
            try {
                next.run();
            } catch (RuntimeException fault) {
                LOG.log(System.Logger.Level.ERROR, "A connection could not be written to", fault);
            }
        }

        /** Sleeps until somebody brings something. */
        private void rest() {
            resting = true;
            if (waiting.isEmpty() && open) {
                LockSupport.park(this);
            }
            resting = false;
        }
    }
}
