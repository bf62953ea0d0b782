package dev.parley.protocols.connection;

import dev.parley.application.event.Event;
import dev.parley.domain.message.MessageId;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one client, bounded in bytes and frames.
 *
 * <p>What must be kept is never dropped; a hint takes the place of an older one with its key; grown text is merged with what
 * waits of the same reply, unless something that must be kept came between, and put into a frame when it is its turn.
 * Whatever waits is written together. What is being written counts as waiting until the transport has taken it.
 *
 * <p>Past the bound everything that waits is let go, {@link #add} says so once, and then the mailbox takes nothing but
 * {@link #finish}. Something that finds an empty mailbox is taken whatever its size, so that a single large answer can be told.
 * Who has much to tell asks {@link #hasRoom} before each piece, and goes on when told that there is room again.
 *
 * <p>Safe for use by many threads. {@link #add} never calls out, so it may be called under a lock; {@link #flush} writes.
 */
final class Mailbox {

    /** So many bytes of frames are written together. */
    static final int BATCH_BYTES = 64 * 1024;

    /** Grown text is not merged into a piece longer than this. */
    static final int MERGED_CHARS = 16 * 1024;

    /** What an entry costs beside its text. */
    private static final int OVERHEAD = 64;

    private final FrameWriter writer;
    private final Function<Event.ReplyGrew, Frame> encoder;
    private final UnaryOperator<Frame> stamp;
    private final Runnable roomAgain;
    private final int maxBytes;
    private final int maxFrames;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>(1);
    // Made when something is to be put there: most connections are idle.
    private @Nullable Map<String, HintEntry> hints;
    private @Nullable Map<MessageId, TextEntry> texts;
    private long waitingBytes;
    private long writingBytes;
    private int writingFrames;
    private boolean writing;
    private boolean draining;
    private boolean postponed;
    private boolean roomAwaited;
    private State state = new State.Open();

    private sealed interface State {
        record Open() implements State {}

        record Overflowed() implements State {}

        record Finishing(int code, String reason) implements State {}

        record Finished() implements State {}
    }

    private sealed interface Entry {
        long size();
    }

    private record KeptEntry(Frame frame) implements Entry {
        @Override
        public long size() {
            return OVERHEAD + (long) frame.size();
        }
    }

    private static final class HintEntry implements Entry {
        private final String key;
        private Frame frame;

        HintEntry(String key, Frame frame) {
            this.key = key;
            this.frame = frame;
        }

        @Override
        public long size() {
            return OVERHEAD + (long) frame.size();
        }
    }

    /** Pieces of one reply that follow each other. */
    private static final class TextEntry implements Entry {
        private final Event.ReplyGrew first;
        private final List<Event.ReplyGrew> more = new ArrayList<>(0);
        private long to;
        private long size;

        TextEntry(Event.ReplyGrew first) {
            this.first = first;
            this.to = first.to();
            this.size = 2L * OVERHEAD + utf8Length(first.text());
        }

        boolean takes(Event.ReplyGrew next) {
            return next.from() == to && next.to() - first.from() <= MERGED_CHARS;
        }

        void add(Event.ReplyGrew next) {
            more.add(next);
            to = next.to();
            size += (long) Long.BYTES + utf8Length(next.text());
        }

        /** The event itself when it stands alone: what is made of it is shared. */
        Event.ReplyGrew merged() {
            if (more.isEmpty()) {
                return first;
            }
            StringBuilder text = new StringBuilder((int) (to - first.from())).append(first.text());
            more.forEach(piece -> text.append(piece.text()));
            return new Event.ReplyGrew(first.session(), first.reply(), first.from(), text.toString());
        }

        @Override
        public long size() {
            return size;
        }
    }

    /**
     * @param encoder puts grown text into a frame; called by one thread at a time, without a lock of the mailbox
     * @param stamp makes of each frame what is written, in the order of writing; called likewise
     * @param roomAgain called once after each {@link #hasRoom} that was false, by whoever wrote, without a lock of the mailbox
     */
    Mailbox(
            FrameWriter writer,
            Function<Event.ReplyGrew, Frame> encoder,
            UnaryOperator<Frame> stamp,
            Runnable roomAgain,
            int maxBytes,
            int maxFrames) {
        this.writer = writer;
        this.encoder = encoder;
        this.stamp = stamp;
        this.roomAgain = roomAgain;
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
            boolean idle = waiting.isEmpty() && !writing;
            enqueue(outgoing);
            if (idle || waitingBytes + writingBytes <= maxBytes && waiting.size() + writingFrames <= maxFrames) {
                return true;
            }
            letGo();
            state = new State.Overflowed();
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
        boolean idle = waiting.isEmpty() && !writing;
        return idle
                || !(state instanceof State.Open)
                || waitingBytes + writingBytes <= maxBytes / 2 && waiting.size() + writingFrames <= maxFrames / 2;
    }

    /** Takes last words, writes them behind what waits, then closes the transport. Only the first call counts. */
    void finish(List<Outgoing> lastWords, int code, String reason) {
        lock.lock();
        try {
            if (state instanceof State.Finishing || state instanceof State.Finished) {
                return;
            }
            lastWords.forEach(this::enqueue);
            state = new State.Finishing(code, reason);
        } finally {
            lock.unlock();
        }
        drain();
    }

    /** Lets everything go; nothing is written any more. The transport is gone. True when nothing was left to be written. */
    boolean discard() {
        lock.lock();
        try {
            boolean nothingWaited = waiting.isEmpty() && !writing;
            letGo();
            state = new State.Finished();
            return nothingWaited;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what waits, unless something is being written or the transport wants to wait for more. */
    void flush() {
        boolean full;
        lock.lock();
        try {
            full = waitingBytes >= BATCH_BYTES;
            if (postponed && !full || writing || draining || waiting.isEmpty()) {
                return;
            }
            postponed = !full;
        } finally {
            lock.unlock();
        }
        if (!full && writer.postpones(this::flushPostponed)) {
            return;
        }
        flushPostponed();
    }

    private void flushPostponed() {
        lock.lock();
        try {
            postponed = false;
        } finally {
            lock.unlock();
        }
        drain();
    }

    private void enqueue(Outgoing outgoing) {
        switch (outgoing) {
            case Outgoing.Kept kept -> {
                clear(texts);
                append(new KeptEntry(kept.frame()));
            }
            case Outgoing.Replaceable hint -> {
                Map<String, HintEntry> known = hints == null ? new HashMap<>(4) : hints;
                hints = known;
                HintEntry older = known.get(hint.key());
                if (older == null) {
                    HintEntry entry = new HintEntry(hint.key(), hint.frame());
                    known.put(hint.key(), entry);
                    append(entry);
                } else {
                    waitingBytes += hint.frame().size() - older.frame.size();
                    older.frame = hint.frame();
                }
            }
            case Outgoing.Growing growing -> grow(growing.grown());
        }
    }

    private void grow(Event.ReplyGrew grown) {
        Map<MessageId, TextEntry> known = texts == null ? new HashMap<>(4) : texts;
        texts = known;
        TextEntry newest = known.get(grown.reply());
        if (newest == null || !newest.takes(grown)) {
            TextEntry entry = new TextEntry(grown);
            known.put(grown.reply(), entry);
            append(entry);
        } else {
            long before = newest.size();
            newest.add(grown);
            waitingBytes += newest.size() - before;
        }
    }

    private void append(Entry entry) {
        waiting.add(entry);
        waitingBytes += entry.size();
    }

    private void letGo() {
        waiting.clear();
        clear(hints);
        clear(texts);
        waitingBytes = 0;
    }

    private static void clear(@Nullable Map<?, ?> entries) {
        if (entries != null) {
            entries.clear();
        }
    }

    /** Writes batch after batch until nothing waits or the transport is busy; one thread at a time does. */
    private void drain() {
        lock.lock();
        try {
            if (draining || writing) {
                return;
            }
            draining = true;
        } finally {
            lock.unlock();
        }
        while (writeNext()) {
            // The batch is on its way; perhaps it went at once.
        }
    }

    private boolean writeNext() {
        List<Entry> batch = new ArrayList<>(1);
        State.Finishing closing = null;
        lock.lock();
        try {
            if (writing || waiting.isEmpty() && !(state instanceof State.Finishing)) {
                draining = false;
                return false;
            }
            if (!waiting.isEmpty()) {
                take(batch);
            } else if (state instanceof State.Finishing finishing) {
                closing = finishing;
                state = new State.Finished();
                draining = false;
            }
        } finally {
            lock.unlock();
        }
        if (closing != null) {
            writer.close(closing.code(), closing.reason());
            return false;
        }
        writer.write(frames(batch), this::written);
        return true;
    }

    private List<Frame> frames(List<Entry> batch) {
        if (batch.size() == 1) {
            return List.of(frame(batch.getFirst()));
        }
        List<Frame> frames = new ArrayList<>(batch.size());
        for (Entry entry : batch) {
            frames.add(frame(entry));
        }
        return frames;
    }

    private void take(List<Entry> batch) {
        long bytes = 0;
        for (Entry next = waiting.peek(); next != null && (batch.isEmpty() || bytes + next.size() <= BATCH_BYTES); next =
                waiting.peek()) {
            waiting.remove();
            batch.add(next);
            bytes += next.size();
            switch (next) {
                case KeptEntry kept -> {}
                case HintEntry hint -> {
                    if (hints != null) {
                        hints.remove(hint.key);
                    }
                }
                case TextEntry text -> {
                    if (texts != null) {
                        texts.remove(text.first.reply(), text);
                    }
                }
            }
        }
        waitingBytes -= bytes;
        writingBytes = bytes;
        writingFrames = batch.size();
        writing = true;
    }

    private void written() {
        boolean room;
        boolean goesOn;
        lock.lock();
        try {
            writing = false;
            writingBytes = 0;
            writingFrames = 0;
            room = roomAwaited && halfEmpty();
            roomAwaited &= !room;
            goesOn = !draining;
            draining = true;
        } finally {
            lock.unlock();
        }
        while (goesOn && writeNext()) {
            // As in drain.
        }
        if (room) {
            roomAgain.run();
        }
    }

    private Frame frame(Entry entry) {
        return stamp.apply(switch (entry) {
            case KeptEntry kept -> kept.frame();
            case HintEntry hint -> hint.frame;
            case TextEntry text -> encoder.apply(text.merged());
        });
    }

    private static int utf8Length(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a pair counts two of its four bytes.
            length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return length;
    }
}
