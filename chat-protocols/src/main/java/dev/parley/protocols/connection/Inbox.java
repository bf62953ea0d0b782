package dev.parley.protocols.connection;

import dev.parley.protocols.Frame;
import dev.parley.protocols.Step;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be done for one client. Past its bound the client is not read further, past four times the bound it is a flood.
 * Used by one thread at a time.
 */
final class Inbox {

    /** What a frame costs beside its bytes. */
    private static final int OVERHEAD = 64;

    private final FrameWriter writer;
    private final int maxBytes;
    private final ArrayDeque<Work> waiting = new ArrayDeque<>(1);
    private long bytes;
    private boolean paused;

    /** Something to do. */
    sealed interface Work {}

    /** A frame of the client's. */
    record Received(Frame frame) implements Work {}

    /** Steps that follow from something else than a frame. */
    record Steps(List<Step> steps) implements Work {}

    /** The engine is to know that the client lives. */
    record Seen() implements Work {}

    Inbox(FrameWriter writer, int maxBytes) {
        this.writer = writer;
        this.maxBytes = maxBytes;
    }

    /** Takes a frame; false when the client floods. */
    boolean add(Frame frame) {
        waiting.add(new Received(frame));
        bytes += frame.size() + OVERHEAD;
        if (bytes > maxBytes && !paused) {
            paused = true;
            writer.reading(false);
        }
        return bytes <= 4L * maxBytes;
    }

    void addFirst(Work work) {
        waiting.addFirst(work);
    }

    void addLast(Work work) {
        waiting.addLast(work);
    }

    @Nullable
    Work poll() {
        Work next = waiting.poll();
        if (next instanceof Received received) {
            bytes -= received.frame().size() + OVERHEAD;
        }
        if (paused && bytes <= maxBytes / 2) {
            paused = false;
            writer.reading(true);
        }
        return next;
    }

    /** Lets everything go. The transport is read on, so that it sees its end. */
    void clear() {
        waiting.clear();
        bytes = 0;
        if (paused) {
            paused = false;
            writer.reading(true);
        }
    }
}
