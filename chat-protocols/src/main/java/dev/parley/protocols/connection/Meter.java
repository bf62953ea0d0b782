package dev.parley.protocols.connection;

import dev.parley.domain.access.UserId;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.protocols.Frame;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what goes through a transport, and remembers when something last did. Safe for use by many threads. */
final class Meter implements FrameWriter {

    private final FrameWriter writer;
    private final InstantSource clock;
    private final Traffic traffic;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private volatile long lastActivity;
    private volatile long lastTaken;

    Meter(FrameWriter writer, InstantSource clock, Traffic traffic) {
        this.writer = writer;
        this.clock = clock;
        this.traffic = traffic;
    }

    /** In milliseconds; 0 when nothing went yet. */
    long lastActivity() {
        return lastActivity;
    }

    /** When the transport last took something, in milliseconds; 0 when it never did. */
    long lastTaken() {
        return lastTaken;
    }

    void received(int bytes) {
        received.addAndGet(bytes);
        traffic.received(bytes);
        lastActivity = clock.millis();
    }

    /** Tells what went since the last time. */
    void report(Telemetry telemetry, String protocol, UserId user) {
        long out = sent.getAndSet(0);
        if (out > 0) {
            telemetry.on(new TelemetryEvent.BytesSent(protocol, user, out));
        }
        long in = received.getAndSet(0);
        if (in > 0) {
            telemetry.on(new TelemetryEvent.BytesReceived(protocol, user, in));
        }
    }

    @Override
    public void write(List<Frame> batch, Runnable completion) {
        long bytes = 0;
        for (Frame frame : batch) {
            bytes += frame.size();
        }
        long written = bytes;
        int frames = batch.size();
        writer.write(batch, () -> {
            sent.addAndGet(written);
            traffic.sent(frames, written);
            lastTaken = clock.millis();
            lastActivity = lastTaken;
            completion.run();
        });
    }

    @Override
    public void ending() {
        writer.ending();
    }

    @Override
    public void close(int code, String reason) {
        writer.close(code, reason);
    }

    @Override
    public boolean postpones(Runnable flush) {
        return writer.postpones(flush);
    }

    @Override
    public boolean beat() {
        return writer.beat();
    }
}
