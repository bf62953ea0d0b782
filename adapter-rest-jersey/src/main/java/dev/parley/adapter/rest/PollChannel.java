package dev.parley.adapter.rest;

import dev.parley.domain.Registration;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Frame;
import dev.parley.protocols.chat.Cursor;
import dev.parley.protocols.chat.CursorTracker;
import dev.parley.protocols.connection.Connection;
import dev.parley.protocols.connection.FrameWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The transport of a connection that is fetched by polls. Between polls it keeps one batch, and the connection's mailbox the rest.
 * A poll is held by one thread at a time.
 */
final class PollChannel implements FrameWriter {

    /** What a poll brings. */
    record Answer(List<Frame> frames, Cursor cursor) {}

    private static final byte[] CONNECTED = "{\"type\":\"connected\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RESUMED = "{\"type\":\"resumed\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RECOVERED = "\"recovered\":true".getBytes(StandardCharsets.US_ASCII);

    /** How long a new connection may take until it has told what was missed. */
    private static final long SETTLING_NANOS = TimeUnit.SECONDS.toNanos(10);

    final UserId user;
    final SessionId session;
    private final boolean resuming;
    private final CursorTracker tracker;
    private final Registration place;
    private final Consumer<PollChannel> whenEnded;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private List<Frame> batch = List.of();
    private Optional<Runnable> completion = Optional.empty();
    private boolean settled;
    private boolean ending;
    private boolean ended;
    private boolean polled = true;
    private int beats;
    private @Nullable Connection connection;

    /**
     * {@code resuming} whether the client has seen the session before; {@code whenEnded} is run once the channel is of no use any more
     */
    PollChannel(
            UserId user,
            SessionId session,
            Cursor start,
            boolean resuming,
            Registration place,
            Consumer<PollChannel> whenEnded) {
        this.user = user;
        this.session = session;
        this.resuming = resuming;
        this.tracker = new CursorTracker(start);
        this.place = place;
        this.whenEnded = whenEnded;
    }

    void carries(Connection ofThis) {
        connection = ofThis;
    }

    /** Takes it for a poll; false when it is at its end. */
    boolean claim() {
        lock.lock();
        try {
            polled = !ended && !ending;
            return polled;
        } finally {
            lock.unlock();
        }
    }

    /** The poll is over; false when the channel is at its end. */
    boolean release() {
        boolean alive;
        lock.lock();
        try {
            polled = false;
            beats = 0;
            alive = !ended && !ending;
        } finally {
            lock.unlock();
        }
        if (!alive) {
            letGo();
        }
        return alive;
    }

    @Override
    public void write(List<Frame> frames, Runnable whenTaken) {
        lock.lock();
        try {
            if (!ended) {
                batch = frames;
                completion = Optional.of(whenTaken);
                more.signalAll();
                return;
            }
        } finally {
            lock.unlock();
        }
        whenTaken.run();
    }

    /** The last words are for whoever polls now; nobody is waited for, since who comes later is told by a status. */
    @Override
    public void ending() {
        boolean unread;
        lock.lock();
        try {
            ending = true;
            unread = !polled;
        } finally {
            lock.unlock();
        }
        if (unread) {
            letGo();
        }
    }

    /** Ends without anybody to read what is there. */
    private void letGo() {
        Optional<Runnable> unread;
        lock.lock();
        try {
            ended = true;
            unread = completion;
            completion = Optional.empty();
            batch = List.of();
        } finally {
            lock.unlock();
        }
        unread.ifPresent(Runnable::run);
        over();
    }

    @Override
    public void close(int code, String reason) {
        lock.lock();
        try {
            ended = true;
            more.signalAll();
        } finally {
            lock.unlock();
        }
        over();
    }

    /** Between two beats somebody must have polled, or the client is gone. */
    @Override
    public boolean beat() {
        lock.lock();
        try {
            if (polled || ++beats < 2) {
                return false;
            }
            ended = true;
        } finally {
            lock.unlock();
        }
        end();
        return false;
    }

    /** Lets the connection go. */
    void end() {
        lock.lock();
        try {
            ended = true;
            more.signalAll();
        } finally {
            lock.unlock();
        }
        Connection carried = connection;
        if (carried != null) {
            carried.gone(1001);
        }
        over();
    }

    private void over() {
        place.close();
        whenEnded.accept(this);
    }

    Cursor cursor() {
        return tracker.cursor();
    }

    /** What there is, or comes within {@code waitNanos}; a connection that is new is given the time to settle. */
    Answer poll(long waitNanos) throws InterruptedException {
        List<Frame> answer = new ArrayList<>();
        long start = System.nanoTime();
        while (true) {
            Optional<Runnable> taken = take(answer, start, waitNanos);
            if (taken.isEmpty()) {
                return new Answer(answer, tracker.cursor());
            }
            // What the mailbox writes next arrives here before this returns.
            taken.get().run();
        }
    }

    private Optional<Runnable> take(List<Frame> answer, long start, long waitNanos) throws InterruptedException {
        lock.lock();
        try {
            while (completion.isEmpty() && !ended) {
                long until = settled ? answer.isEmpty() ? waitNanos : 0 : SETTLING_NANOS;
                long left = until - (System.nanoTime() - start);
                if (left <= 0 || more.awaitNanos(left) <= 0 && completion.isEmpty()) {
                    return Optional.empty();
                }
            }
            if (completion.isEmpty()) {
                return Optional.empty();
            }
            for (Frame frame : batch) {
                tracker.saw(frame.mark());
                if (tells(frame)) {
                    answer.add(frame);
                }
            }
            Optional<Runnable> taken = completion;
            completion = Optional.empty();
            batch = List.of();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Whoever goes on polling is not greeted again and again. */
    private boolean tells(Frame frame) {
        if (begins(frame, CONNECTED)) {
            settled |= !resuming;
            return !resuming;
        }
        if (begins(frame, RESUMED)) {
            settled = true;
            return !resuming || !holds(frame, RECOVERED);
        }
        return true;
    }

    private static boolean begins(Frame frame, byte[] start) {
        byte[] bytes = frame.utf8();
        return bytes.length >= start.length
                && java.util.Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static boolean holds(Frame frame, byte[] part) {
        return frame.text().contains(new String(part, StandardCharsets.US_ASCII));
    }
}
