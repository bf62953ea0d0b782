package dev.parley.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * One thread that drives many clients: whoever calls {@link #until} is the one that reads and writes. Everything that clients do
 * is done on that thread, so nothing here is locked.
 */
final class Loop implements AutoCloseable {

    private static final int READ_BYTES = 1 << 20;

    private final Selector selector;
    private final byte[] in = new byte[READ_BYTES];
    private final ArrayDeque<Timer> timers = new ArrayDeque<>();

    private record Timer(long at, Runnable task) {}

    Loop() {
        try {
            selector = Selector.open();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    Selector selector() {
        return selector;
    }

    /** Where arriving bytes are put; good until the next turn. */
    byte[] buffer() {
        return in;
    }

    /** Runs something at a time of {@link System#nanoTime}, which must not lie before those that were given earlier. */
    void at(long nanos, Runnable task) {
        timers.add(new Timer(nanos, task));
    }

    /** Turns until the condition holds; false when it did not in time. */
    boolean until(Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            long now = System.nanoTime();
            if (now >= deadline) {
                return false;
            }
            turn(Math.min(deadline - now, 20_000_000L));
        }
        return true;
    }

    /** Turns for a while. */
    void run(Duration time) {
        until(time, () -> false);
    }

    private void turn(long nanos) {
        long wait = nanos;
        Timer next = timers.peek();
        if (next != null) {
            wait = Math.min(wait, next.at() - System.nanoTime());
        }
        try {
            if (wait < 1_000_000) {
                selector.selectNow();
            } else {
                selector.select(wait / 1_000_000);
            }
            for (SelectionKey key : selector.selectedKeys()) {
                ((Socket) key.attachment()).ready();
            }
            selector.selectedKeys().clear();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        while (next != null && next.at() <= System.nanoTime()) {
            timers.remove();
            next.task().run();
            next = timers.peek();
        }
    }

    @Override
    public void close() {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
