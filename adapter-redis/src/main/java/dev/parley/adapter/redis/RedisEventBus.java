package dev.parley.adapter.redis;

import dev.parley.domain.Registration;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hints within this node go the shortest way, and to other nodes by a channel for each topic, to which only those nodes listen
 * where somebody does. What could not be published or heard for a while is made up for by telling all to look.
 */
final class RedisEventBus implements EventBus, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(RedisEventBus.class.getName());

    private static final Topic EVERYWHERE = new Topic.Everywhere();
    private static final Hint LOST = new Hint.HintsLost();

    /** When it is tried again to tell others to look. */
    private static final Duration AGAIN = Duration.ofMillis(500);

    /** Of more announcements that could not be made, the first count. */
    private static final int MOST_UNSAID = 16;

    private final EventBus local;
    private final Broker broker;
    private final Subscriber subscriber;
    private final Names names;
    private final String node;
    private final Timers timers;
    private final Duration patience;

    /** Whether something was not published that others wait for. */
    private final AtomicBoolean lost = new AtomicBoolean();

    /** What nobody can find by looking, for when it can be said. */
    private final Queue<byte[]> unsaid = new ConcurrentLinkedQueue<>();

    /** Of what is said again although it may have been heard, the last that were. */
    private final Once once = new Once();

    private final AtomicLong numbers = new AtomicLong();

    /** Whether it is planned to tell them. */
    private final AtomicBoolean planned = new AtomicBoolean();

    /** Whether somebody waited in vain to be heard by Redis; others do not wait until it is known to listen again. */
    private volatile boolean slow;

    private volatile boolean closed;

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final Map<Topic, Ear> ears = new HashMap<>();

    /** @param patience how long somebody who begins to listen waits until that is so on all nodes */
    RedisEventBus(
            EventBus local,
            Broker broker,
            Subscriber subscriber,
            Names names,
            String node,
            Timers timers,
            Duration patience) {
        this.local = local;
        this.broker = broker;
        this.subscriber = subscriber;
        this.names = names;
        this.node = node;
        this.timers = timers;
        this.patience = patience;
    }

    @Override
    public void publish(Topic topic, Hint hint) {
        local.publish(topic, hint);
        send(topic, hint);
    }

    @Override
    public Registration subscribe(Topic topic, Consumer<? super Hint> listener) {
        Registration here = local.subscribe(topic, listener);
        Ear ear = open(topic);
        ear.await();
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            here.close();
            if (closed.compareAndSet(false, true)) {
                leave(ear);
            }
        };
    }

    @Override
    public void close() {
        closed = true;
        lock.lock();
        try {
            ears.values().forEach(ear -> ear.channel.close());
            ears.clear();
        } finally {
            lock.unlock();
        }
    }

    private void send(Topic topic, Hint hint) {
        send(topic, HintCodec.written(node, hint, numbers.incrementAndGet()), hint instanceof Hint.Announced);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the one who looks
    private void send(Topic topic, byte[] message, boolean untilSaid) {
        CompletableFuture<Object> sent = broker.publish(names.topic(topic), message);
        if (sent.isDone()) {
            sent(message, untilSaid, sent);
        } else {
            sent.whenComplete((done, failed) -> sent(message, untilSaid, sent));
        }
    }

    private void sent(byte[] message, boolean untilSaid, CompletableFuture<Object> told) {
        if (told.isCompletedExceptionally()) {
            if (untilSaid && unsaid.size() < MOST_UNSAID) {
                unsaid.add(message);
            }
            lost.set(true);
            lookLater();
        } else {
            back();
        }
    }

    /** A line that broke while nothing was said takes one hint with it, and perhaps nothing else is said for a long time. */
    private void lookLater() {
        if (!closed && planned.compareAndSet(false, true)) {
            timers.after(AGAIN, () -> {
                planned.set(false);
                back();
            });
        }
    }

    /** Redis may answer again. */
    void back() {
        if (lost.compareAndSet(true, false)) {
            send(EVERYWHERE, LOST);
            for (int left = unsaid.size(); left > 0; left--) {
                Optional.ofNullable(unsaid.poll()).ifPresent(message -> send(EVERYWHERE, message, true));
            }
        }
    }

    private Ear open(Topic topic) {
        lock.lock();
        try {
            Ear ear = ears.get(topic);
            if (ear == null) {
                ear = new Ear(topic);
                ears.put(topic, ear);
                ear.channel = subscriber.listen(names.topic(topic), ear);
            }
            ear.users++;
            return ear;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Ear ear) {
        lock.lock();
        try {
            ear.users--;
            if (ear.users == 0 && ears.remove(ear.topic, ear)) {
                ear.channel.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Everybody here who listens to one topic. */
    private final class Ear implements Subscriber.Listener {
        private final Topic topic;
        private final CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
        // guarded by the bus
        private Registration channel = () -> {};
        private int users;
        private volatile boolean late;

        Ear(Topic topic) {
            this.topic = topic;
        }

        @Override
        public void heard(byte[] message) {
            try {
                HintCodec.read(message)
                        .filter(heard -> !heard.publisher().equals(node) && once.isNew(heard))
                        .ifPresent(heard -> told(heard.hint()));
            } catch (IllegalArgumentException malformed) {
                LOG.log(System.Logger.Level.WARNING, "Something else than a hint came from Redis", malformed);
            }
        }

        private void told(Hint hint) {
            if (hint instanceof Hint.HintsLost) {
                RedisEventBus.this.look();
            } else {
                local.publish(topic, hint);
            }
        }

        @Override
        public void listening() {
            slow = false;
            if (!first.complete(null) || late) {
                late = false;
                local.publish(topic, LOST);
            }
        }

        private void await() {
            if (first.isDone()) {
                return;
            }
            if (slow || !subscriber.connected()) {
                late = true;
                return;
            }
            try {
                first.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException stopped) {
                late = true;
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException unheard) {
                late = true;
                slow = true;
                LOG.log(System.Logger.Level.DEBUG, "Redis is slow: {0} is listened to later", names.topic(topic));
            }
        }
    }

    /** Tells everybody here to look for what was missed. */
    private void look() {
        Topic[] topics;
        lock.lock();
        try {
            topics = ears.keySet().toArray(Topic[]::new);
        } finally {
            lock.unlock();
        }
        for (Topic topic : topics) {
            local.publish(topic, LOST);
        }
    }
}
