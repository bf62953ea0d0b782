package dev.parley.testkit.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network that fails when the test says so: a TCP proxy on this machine in front of a real server. It passes everything on
 * until told otherwise; what it was told holds for all connections, open ones and new ones, until it is told to {@link #heal}.
 *
 * <pre>{@code
 * try (FaultProxy line = FaultProxy.before("127.0.0.1", redis.port())) {
 *     Client client = Client.connect("127.0.0.1", line.port());
 *     line.cut();                    // open connections end, new ones are refused
 *     line.heal();                   // and it is back, at the same port
 *     line.halfOpen();               // everything stays open, and nothing gets through
 *     line.delay(Duration.ofMillis(5));
 * }
 * }</pre>
 *
 * <p>Nothing is left to chance: when a method returns, what it says holds for everything that is sent from then on. Safe for use
 * by many threads.
 */
public final class FaultProxy implements AutoCloseable {

    private static final int CONNECT_MILLIS = 5_000;
    private static final Duration LETTING_GO = Duration.ofSeconds(5);

    /** The direction in which bytes go. */
    public enum Way {
        /** What clients say. */
        TO_SERVER,
        /** What the server answers. */
        TO_CLIENT
    }

    private final InetSocketAddress server;
    private final FaultyLine line = new FaultyLine();
    /** Holds the port while nobody listens at it, so that nobody else gets it. */
    private final Socket place = new Socket();

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final Set<FaultyConnection> open = new HashSet<>();
    private Optional<ServerSocket> listener = Optional.empty();
    private Thread acceptor = Thread.ofVirtual().unstarted(() -> {});
    private long accepted;
    private boolean closed;

    private FaultProxy(InetSocketAddress server) {
        this.server = server;
    }

    /** Stands in front of {@code host:port}, which need not be there yet, at a free port of this machine. */
    public static FaultProxy before(String host, int port) {
        FaultProxy proxy = new FaultProxy(new InetSocketAddress(host, port));
        try {
            proxy.place.setReuseAddress(true);
            proxy.place.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException none) {
            throw new UncheckedIOException("Expected a free port", none);
        }
        proxy.listen();
        return proxy;
    }

    /** Where clients connect to. */
    public String host() {
        return InetAddress.getLoopbackAddress().getHostAddress();
    }

    /** Where clients connect to; the same for as long as it lives. */
    public int port() {
        return place.getLocalPort();
    }

    /** Everything takes so much longer from now on, each way; as much as before still gets through in a second. */
    public void delay(Duration longer) {
        line.delay(longer);
    }

    /** So much gets through in a second from now on, each way, over all connections together. */
    public void throttle(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("Expected at least 1 byte in a second, found " + bytesPerSecond);
        }
        line.throttle(bytesPerSecond);
    }

    /**
     * Nothing gets through any more, and nobody is told: connections stay open, new ones are accepted, ends are not passed on. When
     * it has healed, what was sent meanwhile arrives.
     */
    public void halfOpen() {
        line.hold(EnumSet.allOf(Way.class));
    }

    /** As {@link #halfOpen()} in one direction; the other goes on. */
    public void halfOpen(Way way) {
        line.hold(EnumSet.of(way));
    }

    /** Breaks all open connections off, so that both sides are told of a reset; new ones are served. What was on its way is lost. */
    public void reset() {
        endAll(true);
    }

    /** Ends all open connections and refuses new ones until it has healed. What was on its way is lost. */
    public void cut() {
        lock.lock();
        try {
            deaf();
        } finally {
            lock.unlock();
        }
        endAll(false);
    }

    /** Lets {@code bytes} more through in this direction, all connections together, and then does as {@link #cut}. */
    public void cutAfter(Way way, long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("Expected a number of bytes, found " + bytes);
        }
        line.endAfter(way, bytes);
    }

    /** Everything gets through as if nothing had been; what was held back first. */
    public void heal() {
        line.heal();
        listen();
    }

    /** How many connections are open. */
    public int connections() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many connections there were so far, open ones counted. */
    public long accepted() {
        lock.lock();
        try {
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes got through so far. */
    public long passed(Way way) {
        return line.passed(way);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            deaf();
        } finally {
            lock.unlock();
        }
        endAll(false);
        FaultyConnection.close(place, false);
    }

    private void listen() {
        lock.lock();
        try {
            if (closed || listener.isPresent()) {
                return;
            }
            ServerSocket ear = new ServerSocket();
            ear.setReuseAddress(true);
            ear.bind(place.getLocalSocketAddress());
            listener = Optional.of(ear);
            acceptor = Thread.ofVirtual().name("fault-proxy-" + port()).start(() -> accept(ear));
        } catch (IOException taken) {
            throw new UncheckedIOException("Expected port " + port() + " to be this proxy's", taken);
        } finally {
            lock.unlock();
        }
    }

    private void accept(ServerSocket ear) {
        try {
            while (true) {
                Socket client = ear.accept();
                Thread.ofVirtual().name("fault-proxy-connects").start(() -> connect(client));
            }
        } catch (IOException deaf) {
            assert ear.isClosed() : deaf;
        }
    }

    private void connect(Socket client) {
        Socket upstream = new Socket();
        try {
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            upstream.connect(server, CONNECT_MILLIS);
        } catch (IOException nobody) {
            FaultyConnection.close(client, true);
            FaultyConnection.close(upstream, true);
            return;
        }
        begin(client, upstream);
    }

    private void begin(Socket client, Socket upstream) {
        FaultyConnection connection = new FaultyConnection(line, client, upstream, this::cut, this::over);
        lock.lock();
        try {
            if (listener.isPresent()) {
                accepted++;
                open.add(connection);
                connection.begin();
                return;
            }
        } finally {
            lock.unlock();
        }
        connection.end(true);
    }

    private void over(FaultyConnection connection) {
        lock.lock();
        try {
            open.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void deaf() {
        if (listener.isPresent()) {
            ServerSocket ear = listener.get();
            listener = Optional.empty();
            try {
                ear.close();
                // The system listens until whoever accepts has let go.
                boolean over = acceptor.join(LETTING_GO);
                assert over : "nobody accepts any more";
            } catch (IOException gone) {
                assert ear.isClosed() : gone;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void endAll(boolean abruptly) {
        List<FaultyConnection> all;
        lock.lock();
        try {
            all = new ArrayList<>(open);
            open.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(connection -> connection.end(abruptly));
    }
}
