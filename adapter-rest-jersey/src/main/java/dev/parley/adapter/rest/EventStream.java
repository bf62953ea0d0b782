package dev.parley.adapter.rest;

import dev.parley.protocols.Frame;
import dev.parley.protocols.chat.Cursor;
import dev.parley.protocols.chat.CursorTracker;
import dev.parley.protocols.connection.FrameWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A stream of server-sent events as the transport of a connection: whatever is to be written is handed to the thread of the
 * request, which may wait for the client.
 */
final class EventStream implements FrameWriter {

    private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ID = "id: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);

    private sealed interface Item {
        record Batch(List<Frame> frames, Runnable completion) implements Item {}

        record Ping() implements Item {}

        record End() implements Item {}
    }

    private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
    private final CursorTracker tracker;
    private final Duration silence;
    private final Runnable ending;

    /**
     * @param silence how long nothing is said before a comment is
     * @param ending says that the stream must be over in bounded time, whether the client reads or not
     */
    EventStream(Cursor start, Duration silence, Runnable ending) {
        this.tracker = new CursorTracker(start);
        this.silence = silence;
        this.ending = ending;
    }

    @Override
    public void write(List<Frame> batch, Runnable completion) {
        items.add(new Item.Batch(batch, completion));
    }

    @Override
    public void ending() {
        ending.run();
    }

    @Override
    public void close(int code, String reason) {
        items.add(new Item.End());
    }

    /** The client cannot answer; that it is gone is seen when this cannot be written. */
    @Override
    public boolean beat() {
        items.add(new Item.Ping());
        return false;
    }

    /**
     * Writes until the connection ends.
     *
     * @param gone whether the client went away
     */
    void pump(OutputStream out, BooleanSupplier gone) throws IOException, InterruptedException {
        out.write("retry: 2000\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        while (!gone.getAsBoolean()) {
            switch (next()) {
                case Item.End end -> {
                    return;
                }
                case Item.Ping ping -> out.write(PING);
                case Item.Batch batch -> {
                    for (Frame frame : batch.frames()) {
                        tracker.saw(frame.mark());
                        out.write(ID);
                        out.write(tracker.cursor().format().getBytes(StandardCharsets.US_ASCII));
                        out.write(DATA);
                        out.write(frame.utf8());
                        out.write(END);
                    }
                    out.flush();
                    batch.completion().run();
                    continue;
                }
            }
            out.flush();
        }
    }

    /** What is to be written next, a comment where nothing is: the network tells of a client that left only whoever writes to it. */
    private Item next() throws InterruptedException {
        Item item = items.poll(silence.toNanos(), TimeUnit.NANOSECONDS);
        return item == null ? new Item.Ping() : item;
    }

    /** Completes what nobody will write any more. */
    void abandon() {
        Item item = items.poll();
        while (item != null) {
            if (item instanceof Item.Batch batch) {
                batch.completion().run();
            }
            item = items.poll();
        }
    }
}
