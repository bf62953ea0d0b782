package dev.parley.adapter.redis;

import dev.parley.adapter.redis.LogCalls.Ownership;
import dev.parley.domain.error.FencedException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The logs of running replies. Everybody reads from this node's own log: what is written here goes there directly, and of what
 * other nodes write there is one copy for all who read it here. So no reader waits for Redis, and no token does.
 */
final class RedisStreamLog implements StreamLog, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(RedisStreamLog.class.getName());

    private final Own.Setting setting;
    private final AtomicLong numbers = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final Map<MessageId, Place> places = new HashMap<>();

    /** One reply on this node: written here, or copied here because somebody reads it, or neither any more. */
    private static final class Place {
        private final MessageId reply;
        private int readers;
        private int beginning;
        private @Nullable Own own;
        private @Nullable Copy copy;

        Place(MessageId reply) {
            this.reply = reply;
        }
    }

    RedisStreamLog(Own.Setting setting) {
        this.setting = setting;
    }

    @Override
    public Writer create(StreamHead head, long fence) {
        Place place = arrive(head.reply());
        try {
            Own present = ownOf(place);
            if (present != null && present.fence() > fence) {
                throw new FencedException("Expected a fence of at least " + present.fence() + ", found " + fence);
            }
            if (present != null && present.fence() == fence && !present.replaced()) {
                return new OwnWriter(present);
            }
            String epoch = setting.node() + "-" + numbers.incrementAndGet();
            Ownership owner = new Ownership(head, fence, epoch);
            return new OwnWriter(own(place, owner, begin(owner)));
        } finally {
            left(place, true);
        }
    }

    @Override
    public Cursor open(MessageId reply, long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("Expected an offset from 0, found " + offset);
        }
        Place place;
        lock.lock();
        try {
            place = places.computeIfAbsent(reply, Place::new);
            place.readers++;
        } finally {
            lock.unlock();
        }
        copyIfNeeded(place);
        return new RedisCursor(place, offset);
    }

    @Override
    public void close() {
        List<Place> all;
        lock.lock();
        try {
            all = new ArrayList<>(places.values());
            places.clear();
        } finally {
            lock.unlock();
        }
        for (Place place : all) {
            if (place.own != null) {
                place.own.close();
            }
            if (place.copy != null) {
                place.copy.close();
            }
        }
    }

    /** How many replies are written or read here. */
    int size() {
        lock.lock();
        try {
            return places.size();
        } finally {
            lock.unlock();
        }
    }

    /** Says that a log begins; false when Redis cannot be told now. */
    private boolean begin(Ownership owner) {
        try {
            List<Object> answer = setting.calls().create(owner);
            if (!Answers.text(answer.getFirst()).equals("ok")) {
                throw new FencedException(
                        "Expected a fence of at least " + Answers.text(answer.get(1)) + ", found " + owner.fence());
            }
            return true;
        } catch (UnavailableException away) {
            LOG.log(System.Logger.Level.DEBUG, "reply=" + owner.reply() + " begins on this node alone", away);
            return false;
        }
    }

    /** Puts a new owner in the place of what was there, unless that is newer still: several may have asked Redis at once. */
    private Own own(Place place, Ownership owner, boolean known) {
        Own own;
        Own before;
        lock.lock();
        try {
            before = place.own;
            if (before != null && before.fence() > owner.fence()) {
                throw new FencedException(
                        "Expected a fence of at least " + before.fence() + ", found " + owner.fence());
            }
            if (place.copy != null) {
                // It must have ended before this begins in the same local log.
                place.copy.close();
                place.copy = null;
            }
            LocalText text = new LocalText(setting.local(), numbers);
            own = new Own(setting, text, owner, known, () -> over(place));
            place.own = own;
        } finally {
            lock.unlock();
        }
        if (before != null) {
            before.leave();
            before.replace();
        }
        own.listen();
        return own;
    }

    private @Nullable Own ownOf(Place place) {
        lock.lock();
        try {
            return place.own;
        } finally {
            lock.unlock();
        }
    }

    private Place arrive(MessageId reply) {
        lock.lock();
        try {
            Place place = places.computeIfAbsent(reply, Place::new);
            place.beginning++;
            return place;
        } finally {
            lock.unlock();
        }
    }

    private void left(Place place, boolean writer) {
        lock.lock();
        try {
            if (writer) {
                place.beginning--;
            } else {
                place.readers--;
            }
        } finally {
            lock.unlock();
        }
        over(place);
    }

    /** Something has changed: perhaps nobody needs the place any more, or its readers need a copy. */
    private void over(Place place) {
        Own own = ownOf(place);
        boolean done = own == null || own.done();
        boolean replaced = own != null && own.replaced();
        boolean left = replaced;
        Copy unused = null;
        lock.lock();
        try {
            if (replaced && place.own == own) {
                place.own = null;
            }
            if (done && place.own == (replaced ? null : own) && place.readers == 0 && place.beginning == 0
                    && places.remove(place.reply, place)) {
                unused = place.copy;
                place.copy = null;
                left = true;
            }
        } finally {
            lock.unlock();
        }
        if (left && own != null) {
            own.leave();
        }
        if (unused != null) {
            unused.close();
        }
        copyIfNeeded(place);
    }

    /** Readers need a copy of what is not written here. */
    private void copyIfNeeded(Place place) {
        Copy begun = null;
        lock.lock();
        try {
            boolean needed = place.readers > 0 && place.own == null && place.copy == null && place.beginning == 0;
            if (needed && places.get(place.reply) == place) {
                begun = new Copy(place.reply, setting, numbers);
                place.copy = begun;
            }
        } finally {
            lock.unlock();
        }
        if (begun != null) {
            begun.begin(setting.subscriber());
        }
    }

    private static final class OwnWriter implements Writer {
        private final Own own;

        OwnWriter(Own own) {
            this.own = own;
        }

        @Override
        public long append(String text) {
            return own.append(text);
        }

        @Override
        public void end() {
            own.end();
        }

        @Override
        public void close() {
            own.release();
        }
    }

    /** Reads from this node's own log, once there is in it what there is to read. */
    private final class RedisCursor implements Cursor {
        private final Place place;
        private final long offset;
        private @Nullable Cursor inner;
        private boolean closed;

        RedisCursor(Place place, long offset) {
            this.place = place;
            this.offset = offset;
        }

        @Override
        public Read next(Duration wait) throws InterruptedException {
            Cursor here = inner;
            if (here != null) {
                return here.next(wait);
            }
            long began = System.nanoTime();
            here = opened(wait);
            return here == null ? new Read.Nothing() : here.next(wait.minusNanos(System.nanoTime() - began));
        }

        @Override
        public Read next() throws InterruptedException {
            Cursor here = inner;
            while (here == null) {
                here = opened(LOOK_AGAIN);
            }
            return here.next();
        }

        @Override
        public boolean whenMore(Runnable task) {
            return inner != null && inner.whenMore(task);
        }

        private @Nullable Cursor opened(Duration wait) throws InterruptedException {
            if (closed) {
                throw new IllegalStateException("Expected an open cursor, found a closed one");
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Copy copied;
            lock.lock();
            try {
                copied = place.own == null ? place.copy : null;
            } finally {
                lock.unlock();
            }
            if (copied != null && !copied.await(wait)) {
                return null;
            }
            inner = setting.local().open(place.reply, offset);
            return inner;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                if (inner != null) {
                    inner.close();
                }
                left(place, false);
            }
        }
    }
}
