package dev.parley.protocols.connection;

import dev.parley.application.event.Event;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for one client, bounded in bytes and frames, and how it comes to the transport.
 *
 * <p>What must be kept is never dropped; a hint takes the place of an older one with its key; grown text is merged with what
 * waits of the same reply, unless something that must be kept came between, and put into a frame when it is its turn.
 * Whatever waits is written together. What is being written counts as waiting until the transport has taken it.
 *
 * <p>Past the bound everything that waits is let go, {@link #add} says so once, and then the mailbox takes nothing but
 * {@link #finish}. Something that finds an empty mailbox is taken whatever its size, so that a single large answer can be told.
 * Who has much to tell asks {@link #hasRoom} before each piece, and goes on when told that there is room again.
 *
 * <p>Safe for use by many threads. It shares its connection's lock, so that something can be added and taken to be written at one
 * go: what is for the transport to do is a {@link Turn}, and whoever gets one performs it without the lock.
 */
final class Mailbox {

    private static final State OPEN = new State.Open();
    private static final State OVERFLOWED = new State.Overflowed();
    private static final State FINISHED = new State.Finished();
    private static final Turn NOTHING = new Turn.Nothing();

    private final ReentrantLock lock;
    private final FrameWriter writer;
    private final Owner owner;
    private final int maxBytes;
    private final int maxFrames;

    // guarded by lock
    private final Waiting waiting = new Waiting();
    private State state = OPEN;
    private Course course = Course.RESTS;
    private long writingBytes;
    private int writingFrames;
    private int writingSize;
    private boolean roomAwaited;

    /** Whose mailbox it is. All is called by one thread at a time, under the lock. */
    interface Owner {

        /** Puts grown text into a frame. */
        Frame encode(Event.ReplyGrew grown);

        /** Makes of each frame what is written, in the order of writing. */
        Frame stamped(Frame frame);

        /** The transport has taken frames, or never will: so many, with so many bytes. */
        void taken(int frames, int bytes);

        /** There is room again: called once after each {@link #hasRoom} that was false. */
        void roomAgain();
    }

    /** What is to be done with the transport now, by whoever got it and nobody else. */
    sealed interface Turn {

        record Nothing() implements Turn {}

        record Write(List<Frame> batch) implements Turn {}

        record Close(int code, String reason) implements Turn {}
    }

    private sealed interface State {

        record Open() implements State {}

        record Overflowed() implements State {}

        record Finishing(Turn.Close end) implements State {}

        record Finished() implements State {}
    }

    /** How far the way to the transport is free. */
    private enum Course {
        /** Nobody writes. */
        RESTS,
        /** Nobody writes, and somebody will soon. */
        POSTPONED,
        /** Somebody is giving a batch to the transport. */
        GIVEN,
        /** The transport has taken the batch before whoever gave it came back. */
        TAKEN,
        /** The transport has a batch. */
        AWAY;

        boolean free() {
            return this == RESTS || this == POSTPONED;
        }
    }

    /** @param lock guards it; nothing is written under it */
    Mailbox(ReentrantLock lock, FrameWriter writer, Owner owner, int maxBytes, int maxFrames) {
        this.lock = lock;
        this.writer = writer;
        this.owner = owner;
        this.maxBytes = maxBytes;
        this.maxFrames = maxFrames;
    }

    /** Takes something, or lets it fall once the mailbox is at its end; false when this is what overflows it. */
    boolean add(Outgoing outgoing) {
        lock.lock();
        try {
            if (!(state instanceof State.Open)) {
                return true;
            }
            boolean idle = idle();
            waiting.add(outgoing);
            if (idle || waiting.bytes() + writingBytes <= maxBytes && waiting.count() + writingFrames <= maxFrames) {
                return true;
            }
            waiting.clear();
            state = OVERFLOWED;
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Whether at most half of what may wait does; otherwise it is told when that is so again. */
    boolean hasRoom() {
        lock.lock();
        try {
            roomAwaited = !halfEmpty();
            return !roomAwaited;
        } finally {
            lock.unlock();
        }
    }

    private boolean halfEmpty() {
        return idle()
                || !(state instanceof State.Open)
                || waiting.bytes() + writingBytes <= maxBytes / 2 && waiting.count() + writingFrames <= maxFrames / 2;
    }

    private boolean idle() {
        return waiting.isEmpty() && writingFrames == 0;
    }

    /** Takes last words, writes them behind what waits, then closes the transport. Only the first call counts. */
    void finish(List<Outgoing> lastWords, int code, String reason) {
        Turn turn;
        lock.lock();
        try {
            if (state instanceof State.Finishing || state instanceof State.Finished) {
                return;
            }
            lastWords.forEach(waiting::add);
            state = new State.Finishing(new Turn.Close(code, reason));
            turn = course.free() ? next() : NOTHING;
        } finally {
            lock.unlock();
        }
        perform(turn);
    }

    /** Lets everything go; nothing is written any more. The transport is gone. True when nothing was left to be written. */
    boolean discard() {
        lock.lock();
        try {
            boolean nothingWaited = idle();
            waiting.clear();
            state = FINISHED;
            return nothingWaited;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what waits, unless something is being written or the transport wants to wait for more. */
    void flush() {
        perform(turn());
    }

    /** As {@link #flush}, but leaves it to the caller to {@link #perform} what comes of it, as soon as it has let go of the lock. */
    Turn turn() {
        lock.lock();
        try {
            if (waiting.isEmpty() || !course.free()) {
                return NOTHING;
            }
            boolean full = waiting.bytes() >= Waiting.BATCH_BYTES;
            if (!full && (course == Course.POSTPONED || writer.postpones(this::flushPostponed))) {
                course = Course.POSTPONED;
                return NOTHING;
            }
            return next();
        } finally {
            lock.unlock();
        }
    }

    private void flushPostponed() {
        Turn turn;
        lock.lock();
        try {
            turn = course == Course.POSTPONED ? next() : NOTHING;
        } finally {
            lock.unlock();
        }
        perform(turn);
    }

    /** Does what is to be done, and all that follows until nothing waits or the transport is busy. */
    void perform(Turn first) {
        Turn turn = first;
        while (turn instanceof Turn.Write write) {
            writer.write(write.batch(), this::written);
            turn = given();
        }
        if (turn instanceof Turn.Close end) {
            writer.close(end.code(), end.reason());
        }
    }

    /** Whoever gave a batch to the transport goes on, unless the transport still has it. */
    private Turn given() {
        lock.lock();
        try {
            if (course == Course.TAKEN) {
                return next();
            }
            course = Course.AWAY;
            return NOTHING;
        } finally {
            lock.unlock();
        }
    }

    private void written() {
        Turn turn;
        lock.lock();
        try {
            owner.taken(writingFrames, writingSize);
            writingBytes = 0;
            writingFrames = 0;
            if (roomAwaited && halfEmpty()) {
                roomAwaited = false;
                owner.roomAgain();
            }
            if (course == Course.GIVEN) {
                course = Course.TAKEN;
                return;
            }
            turn = next();
        } finally {
            lock.unlock();
        }
        perform(turn);
    }

    private Turn next() {
        if (!waiting.isEmpty()) {
            course = Course.GIVEN;
            return new Turn.Write(take());
        }
        course = Course.RESTS;
        if (state instanceof State.Finishing finishing) {
            state = FINISHED;
            return finishing.end();
        }
        return NOTHING;
    }

    private List<Frame> take() {
        long before = waiting.bytes();
        List<Frame> batch = waiting.take(owner);
        writingBytes = before - waiting.bytes();
        writingFrames = batch.size();
        writingSize = 0;
        for (Frame frame : batch) {
            writingSize += frame.size();
        }
        return batch;
    }
}
