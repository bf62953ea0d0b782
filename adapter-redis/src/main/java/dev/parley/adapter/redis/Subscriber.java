package dev.parley.adapter.redis;

import dev.parley.domain.Registration;
import dev.parley.domain.error.Circuit;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.time.Timers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The one connection on which this node listens, to any number of channels. When it is lost it is made anew, listens to all
 * channels again, and tells each listener, who then looks for what was missed.
 */
final class Subscriber implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Subscriber.class.getName());

    /** How many channels are asked for in one command. */
    private static final int AT_ONCE = 1_000;

    private static final long FIRST_PAUSE_NANOS = 20_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000_000L;

    /** Listens to one channel. Called on the connection's own thread, which must not be held up. */
    interface Listener {

        void heard(byte[] message);

        /** From now on everything is heard; called again when that was not so for a while. */
        void listening();
    }

    /** A channel and who listens to it. */
    private static final class Channel {
        private final String name;
        private final Listener listener;
        private boolean closed;

        Channel(String name, Listener listener) {
            this.name = name;
            this.listener = listener;
        }
    }

    private final Dialling dialling;
    private final Circuit circuit;
    private final Timers timers;
    private final String home;
    private final Duration silence;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private final Condition begun = lock.newCondition();
    // guarded by lock
    private final Map<String, Channel> channels = new LinkedHashMap<>();
    private final Map<String, Deque<Channel>> asked = new HashMap<>();
    private @Nullable Session session;
    private @Nullable Connection connection;
    private Registration ping = () -> {};
    private long lives;
    private boolean closed;

    /**
     * @param home a channel to which this node listens for as long as it lives
     * @param silence how long nothing is heard, not even an answer to a ping, before the connection is given up
     */
    Subscriber(
            Dialling dialling, Circuit circuit, Timers timers, String home, Duration silence) {
        this.dialling = dialling;
        this.circuit = circuit;
        this.timers = timers;
        this.home = home;
        this.silence = silence;
        this.thread = Thread.ofVirtual().name("redis-subscriber").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Listens to a channel that nobody listens to; the listener is told when it does. */
    Registration listen(String name, Listener listener) {
        Channel channel = new Channel(name, listener);
        lock.lock();
        try {
            channels.put(name, channel);
            if (session != null) {
                ask(session, channel);
            }
        } finally {
            lock.unlock();
        }
        return () -> leave(channel);
    }

    /** Whether there is a connection, or was a moment ago. */
    boolean connected() {
        lock.lock();
        try {
            return session != null;
        } finally {
            lock.unlock();
        }
    }

    /** How many connections there have been: two readings that are the same say that nothing was missed in between. */
    long lives() {
        lock.lock();
        try {
            return lives;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a connection; false when there is none in that time. */
    boolean awaitConnection(Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (session == null && !closed && left > 0) {
                left = begun.awaitNanos(left);
            }
            return session != null;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Connection open;
        lock.lock();
        try {
            closed = true;
            open = connection;
            ping.close();
            closing.signalAll();
            begun.signalAll();
        } finally {
            lock.unlock();
        }
        if (open != null) {
            Pipe.end(open);
        }
        thread.interrupt();
    }

    private void leave(Channel channel) {
        lock.lock();
        try {
            channel.closed = true;
            if (channels.remove(channel.name, channel) && session != null) {
                session.unsubscribe(bytes(channel.name));
            }
        } catch (JedisException lost) {
            LOG.log(System.Logger.Level.TRACE, "The connection was lost", lost);
        } finally {
            lock.unlock();
        }
    }

    /** With the lock. */
    private void ask(Session open, Channel channel) {
        asked.computeIfAbsent(channel.name, name -> new ArrayDeque<>(1)).addLast(channel);
        try {
            open.subscribe(bytes(channel.name));
        } catch (JedisException lost) {
            // Its thread finds out too, and asks for all channels again.
            LOG.log(System.Logger.Level.TRACE, "The connection was lost", lost);
        }
    }

    private void run() {
        long pause = FIRST_PAUSE_NANOS;
        boolean said = false;
        while (!over()) {
            long began = System.nanoTime();
            try {
                listenOnce();
            } catch (UnavailableException | JedisException lost) {
                if (!over()) {
                    System.Logger.Level level = said ? System.Logger.Level.DEBUG : System.Logger.Level.INFO;
                    LOG.log(level, "Redis is not heard: {0}", String.valueOf(lost.getMessage()));
                    said = true;
                    circuit.failed(String.valueOf(lost.getMessage()));
                }
            } finally {
                letGo();
            }
            boolean stood = System.nanoTime() - began > LONGEST_PAUSE_NANOS;
            said &= !stood;
            pause = stood ? FIRST_PAUSE_NANOS : Math.min(LONGEST_PAUSE_NANOS, pause * 2);
            rest(pause);
        }
    }

    /** Connects and hears until the connection is lost. */
    private void listenOnce() {
        Connection made = dialling.dial(silence);
        lock.lock();
        try {
            if (closed) {
                Pipe.end(made);
                return;
            }
            connection = made;
        } finally {
            lock.unlock();
        }
        new Session().proceed(made, bytes(home));
    }

    private void letGo() {
        Connection lost;
        lock.lock();
        try {
            lost = connection;
            connection = null;
            session = null;
            asked.clear();
            ping.close();
        } finally {
            lock.unlock();
        }
        if (lost != null) {
            Pipe.end(lost);
        }
    }

    private boolean over() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void rest(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
        } catch (InterruptedException stopped) {
            LOG.log(System.Logger.Level.TRACE, "Woken to close");
        } finally {
            lock.unlock();
        }
    }

    private void pingLater() {
        ping = timers.after(silence.dividedBy(3), () -> {
            lock.lock();
            try {
                if (session != null && connection != null && !closed) {
                    if (dialling.current(connection)) {
                        session.ping();
                    } else {
                        Pipe.end(connection);
                    }
                    pingLater();
                }
            } catch (JedisException lost) {
                LOG.log(System.Logger.Level.TRACE, "The connection was lost", lost);
            } finally {
                lock.unlock();
            }
        });
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** One life of the connection. */
    private final class Session extends BinaryJedisPubSub {

        @Override
        public void onMessage(byte[] channel, byte[] message) {
            Channel to;
            lock.lock();
            try {
                to = channels.get(new String(channel, StandardCharsets.UTF_8));
            } finally {
                lock.unlock();
            }
            if (to != null) {
                safely(() -> to.listener.heard(message));
            }
        }

        @Override
        public void onSubscribe(byte[] channel, int subscribed) {
            String name = new String(channel, StandardCharsets.UTF_8);
            Channel confirmed;
            lock.lock();
            try {
                if (session != this) {
                    confirmed = null;
                    begin();
                } else {
                    confirmed = confirmed(name);
                }
            } finally {
                lock.unlock();
            }
            if (confirmed != null) {
                Channel now = confirmed;
                safely(now.listener::listening);
            }
        }

        /** It is heard: from now on who comes asks at once, and who was there before is asked for now. With the lock. */
        private void begin() {
            session = this;
            lives++;
            Subscriber.this.begun.signalAll();
            circuit.succeeded();
            pingLater();
            List<byte[]> names = new ArrayList<>();
            for (Channel channel : channels.values()) {
                asked.computeIfAbsent(channel.name, n -> new ArrayDeque<>(1)).addLast(channel);
                names.add(bytes(channel.name));
            }
            for (int at = 0; at < names.size(); at += AT_ONCE) {
                subscribe(names.subList(at, Math.min(names.size(), at + AT_ONCE)).toArray(byte[][]::new));
            }
        }

        /** Who asked for it; nobody when they left meanwhile. With the lock. */
        private @Nullable Channel confirmed(String name) {
            Deque<Channel> waiting = asked.get(name);
            Channel first = waiting == null ? null : waiting.pollFirst();
            if (waiting != null && waiting.isEmpty()) {
                asked.remove(name);
            }
            return first == null || first.closed ? null : first;
        }

        private void safely(Runnable listener) {
            try {
                listener.run();
            } catch (RuntimeException failed) {
                LOG.log(System.Logger.Level.WARNING, "A listener failed", failed);
            }
        }
    }
}
