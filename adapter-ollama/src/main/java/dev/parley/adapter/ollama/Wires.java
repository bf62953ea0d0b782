package dev.parley.adapter.ollama;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one server: those in use, those that wait for the next request, and the one thread that reads for all of them
 * and looks whether somebody waits too long. Safe for use by many threads; whoever opens it closes it, which ends them all.
 */
final class Wires implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Wires.class.getName());

    private static final int READ_BYTES = 64 * 1024;
    private static final long MILLI = 1_000_000;
    private static final long NEVER = Long.MAX_VALUE;

    /** So long a connection waits for another request, and so many do. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final int MOST_IDLE = 1000;

    private final String host;
    private final int port;
    private final boolean secure;
    private final Supplier<SSLSocketFactory> secured;
    private final Duration connectTimeout;
    private final Selector selector;
    private final Gathering gathering;
    private final Set<Wire> live = ConcurrentHashMap.newKeySet();
    private final AtomicLong lookBy = new AtomicLong(NEVER);
    private final long began = System.nanoTime();
    private final AtomicBoolean leaving = new AtomicBoolean();
    private volatile boolean closed;

    // used by the thread that reads
    private final ByteBuffer shared = ByteBuffer.allocateDirect(READ_BYTES);
    private List<Thread> woken = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock, the one that waits longest first
    private final ArrayDeque<Resting> idle = new ArrayDeque<>();

    private record Resting(Wire wire, long until) {}

    private Wires(OllamaSettings settings, Selector selector, Gathering gathering, Supplier<SSLSocketFactory> secured) {
        this.gathering = gathering;
        this.secured = secured;
        String named = settings.server().getHost();
        this.host = named.startsWith("[") ? named.substring(1, named.length() - 1) : named;
        this.secure = settings.server().getScheme().equals("https");
        int given = settings.server().getPort();
        this.port = given >= 0 ? given : secure ? 443 : 80;
        this.connectTimeout = settings.connectTimeout();
        this.selector = selector;
    }

    /** Opens it; nothing is connected yet. */
    static Wires open(OllamaSettings settings) {
        // Asked for when it is needed: it reads every certificate that the machine trusts.
        return open(settings, () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /** @param secured for connections with TLS */
    static Wires open(OllamaSettings settings, Supplier<SSLSocketFactory> secured) {
        try {
            Wires wires = new Wires(settings, Selector.open(), new Gathering(settings.gather()), secured);
            Thread.ofPlatform().daemon().name("parley-ollama").start(wires::read);
            return wires;
        } catch (IOException none) {
            throw new UncheckedIOException("Expected the system to give a selector", none);
        }
    }

    /** Nanoseconds since it was opened. */
    long now() {
        return System.nanoTime() - began;
    }

    /** The moment {@code time} from now. */
    long in(Duration time) {
        long nanos = time.compareTo(Duration.ofNanos(NEVER / 2)) >= 0 ? NEVER / 2 : time.toNanos();
        return now() + nanos;
    }

    /** A connection that nobody uses, new or not. */
    Wire take() throws IOException, InterruptedException {
        Wire rested = rested();
        return rested != null ? rested : connect();
    }

    private @Nullable Wire rested() {
        lock.lock();
        try {
            Resting newest = idle.pollLast();
            while (newest != null) {
                if (newest.wire().reusable() && newest.until() > now()) {
                    return newest.wire();
                }
                newest.wire().close();
                newest = idle.pollLast();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Takes back a connection whose exchange is over. */
    void giveBack(Wire wire) {
        boolean kept = false;
        long until = in(IDLE);
        lock.lock();
        try {
            if (wire.reusable() && idle.size() < MOST_IDLE && !closed) {
                idle.addLast(new Resting(wire, until));
                kept = true;
            }
        } finally {
            lock.unlock();
        }
        if (kept) {
            lookBy(until);
        } else {
            wire.close();
        }
    }

    /** How many connections wait for another request. */
    int resting() {
        lock.lock();
        try {
            return idle.size();
        } finally {
            lock.unlock();
        }
    }

    private Wire connect() throws IOException, InterruptedException {
        IOException last = new IOException("Expected " + host + " to have an address");
        for (InetAddress address : InetAddress.getAllByName(host)) {
            SocketChannel channel = SocketChannel.open();
            boolean open = false;
            try {
                channel.socket()
                        .connect(new InetSocketAddress(address, port), (int) Math.min(Integer.MAX_VALUE,
                                connectTimeout.toMillis()));
                Wire wire = wire(channel);
                open = true;
                return used(wire);
            } catch (IOException failed) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                last = failed;
            } finally {
                if (!open) {
                    channel.close();
                }
            }
        }
        throw last;
    }

    private Wire wire(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (secure) {
            return SecureWire.over(this, channel, host, port, secured.get());
        }
        channel.configureBlocking(false);
        return PlainWire.over(this, channel);
    }

    private Wire used(Wire wire) throws IOException {
        live.add(wire);
        if (closed) {
            wire.close();
            throw new IOException("Expected to be open, found this closed");
        }
        return wire;
    }

    // What connections ask for

    /** What tells that something has come which is read at once. */
    SelectionKey register(SocketChannel channel) throws IOException {
        try {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            selector.wakeup();
            return key;
        } catch (ClosedSelectorException ended) {
            throw new IOException("Expected to be open, found this closed", ended);
        }
    }

    Gathering gathering() {
        return gathering;
    }

    /** How long what comes behind the first text gathers. */
    Duration gathers() {
        return secure ? Duration.ZERO : gathering.time();
    }

    void awaitWritable(SelectionKey key) throws IOException {
        try {
            key.interestOpsOr(SelectionKey.OP_WRITE);
            selector.wakeup();
        } catch (CancelledKeyException gone) {
            throw new IOException("Expected the connection to last", gone);
        }
    }

    /** It is gone, so nobody waits for it and it waits for nobody. */
    void forget(Wire wire) {
        live.remove(wire);
        rests(wire);
    }

    /** Whether it waited for a request; it gets none any more. */
    boolean rests(Wire wire) {
        lock.lock();
        try {
            return idle.removeIf(resting -> resting.wire().equals(wire));
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        selector.wakeup();
    }

    /** A connection was closed: the thread that reads is to let go of it. */
    void leaves() {
        leaving.set(true);
        selector.wakeup();
    }

    /** Has somebody look at {@code moment} at the latest. */
    void lookBy(long moment) {
        if (moment < lookBy.get()) {
            lookBy.accumulateAndGet(moment, Math::min);
            selector.wakeup();
        }
    }

    // The thread that reads

    private void read() {
        try (selector; gathering) {
            while (!closed) {
                select();
                if (leaving.getAndSet(false)) {
                    gathering.sweep();
                }
                gathering.look(now(), this::arrives);
                if (now() >= lookBy.get()) {
                    look();
                }
                wakeAll();
            }
        } catch (IOException | RuntimeException fault) {
            LOG.log(System.Logger.Level.ERROR, "No answers can be read any more", fault);
        } finally {
            close();
        }
    }

    private void select() throws IOException {
        long next = Math.min(lookBy.get(), gathering.next());
        long wait = next == NEVER ? 0 : (next - now() + MILLI - 1) / MILLI;
        if (next != NEVER && wait <= 0) {
            selector.selectNow(this::ready);
        } else {
            selector.select(this::ready, wait);
        }
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof PlainWire wire) {
            arrives(wire);
        }
    }

    private void arrives(PlainWire wire) {
        Thread waiting = wire.arrives(shared);
        if (waiting != null) {
            woken.add(waiting);
        }
    }

    private void wakeAll() {
        if (!woken.isEmpty()) {
            wake(woken);
            woken = new ArrayList<>();
        }
    }

    private static void wake(List<Thread> waiting) {
        if (waiting.size() > 1) {
            // From one that runs where they will run, which wakes fewer processors than from here.
            Thread.ofVirtual().name("ollama-wake").start(() -> waiting.forEach(LockSupport::unpark));
        } else {
            waiting.forEach(LockSupport::unpark);
        }
    }

    private void look() {
        lookBy.set(NEVER);
        long now = now();
        long next = NEVER;
        for (Wire wire : live) {
            long until = wire.until();
            if (until <= now) {
                // What has come in time may still gather.
                if (wire instanceof PlainWire plain) {
                    arrives(plain);
                }
                wire.overdue();
            } else {
                next = Math.min(next, until);
            }
        }
        next = Math.min(next, dismiss(now));
        lookBy.accumulateAndGet(next, Math::min);
    }

    /** Closes what has waited too long for another request; when the next will have. */
    private long dismiss(long now) {
        List<Wire> over = new ArrayList<>();
        long next;
        lock.lock();
        try {
            Resting oldest = idle.peekFirst();
            while (oldest != null && oldest.until() <= now) {
                over.add(idle.removeFirst().wire());
                oldest = idle.peekFirst();
            }
            next = oldest == null ? NEVER : oldest.until();
        } finally {
            lock.unlock();
        }
        over.forEach(Wire::close);
        return next;
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        live.forEach(Wire::close);
    }
}
