package dev.parley.adapter.ollama;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Connections whose bytes may gather: when some come they are left with the system for a while and then read with all that came
 * meanwhile, so that the words of a window take one read and wake their reader once. Looked at at moments a few milliseconds apart.
 *
 * <p>Used by the thread that reads, but for {@link #register}, {@link #more} and {@link #fewer}.
 */
final class Gathering implements AutoCloseable {

    /** Nothing gathers. */
    static final long NEVER = Long.MAX_VALUE;

    /** How far moments are apart, in nanoseconds. */
    private static final long APART = 4_000_000;

    private final long nanos;
    private final Selector selector;
    private final AtomicInteger count = new AtomicInteger();
    private final ArrayDeque<Due> due = new ArrayDeque<>();
    private long next;

    private record Due(PlainWire wire, long at) {}

    /** @param time how long bytes are left; zero when none are */
    Gathering(Duration time) throws IOException {
        this.nanos = time.toNanos();
        this.selector = Selector.open();
    }

    /** How long bytes are left. */
    Duration time() {
        return Duration.ofNanos(nanos);
    }

    SelectionKey register(SocketChannel channel) throws IOException {
        try {
            return channel.register(selector, 0);
        } catch (ClosedSelectorException ended) {
            throw new IOException("Expected to be open, found this closed", ended);
        }
    }

    /** One more connection gathers; whether the thread that reads will see to it without being woken. */
    boolean more() {
        return count.getAndIncrement() > 0;
    }

    /** One fewer gathers: what it is told is to be read at once, so whoever reads is to be woken. */
    void fewer() {
        count.decrementAndGet();
    }

    /** When to look next. */
    long next() {
        return count.get() == 0 && due.isEmpty() ? NEVER : next;
    }

    /** Looks if it is time to; gives {@code reader} those that have gathered long enough. */
    void look(long now, Consumer<PlainWire> reader) throws IOException {
        if (now < next()) {
            return;
        }
        next = (now / APART + 1) * APART;
        selector.selectNow(key -> begin(key, now));
        while (!due.isEmpty() && due.peek().at() <= now) {
            reader.accept(due.remove().wire());
        }
    }

    private void begin(SelectionKey key, long now) {
        try {
            key.interestOps(0);
            if (key.attachment() instanceof PlainWire wire) {
                due.add(new Due(wire, now + nanos));
            }
        } catch (CancelledKeyException gone) {
            key.attach(null);
        }
    }

    /** Lets go of connections that were closed. */
    void sweep() throws IOException {
        selector.selectNow(key -> begin(key, next));
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
