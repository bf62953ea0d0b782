package dev.parley.protocols.connection;

import java.util.concurrent.atomic.LongAdder;

/** What went through all connections of a host since it began: numbers that only grow. Safe for use by many threads. */
public final class Traffic {

    private final LongAdder framesSent = new LongAdder();
    private final LongAdder framesReceived = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();

    /** What it was at an instant; bytes are those of frames before compression. */
    public record Totals(long framesSent, long framesReceived, long bytesSent, long bytesReceived) {

        public static final Totals NONE = new Totals(0, 0, 0, 0);
    }

    Traffic() {}

    void sent(int frames, long bytes) {
        framesSent.add(frames);
        bytesSent.add(bytes);
    }

    void received(long bytes) {
        framesReceived.increment();
        bytesReceived.add(bytes);
    }

    public Totals totals() {
        return new Totals(framesSent.sum(), framesReceived.sum(), bytesSent.sum(), bytesReceived.sum());
    }
}
