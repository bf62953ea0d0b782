package dev.parley.benchmarks.micro;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.embedded.system.SystemTimers;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** One piece appended to a reply's log in memory and read by all who follow it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StreamLogBenchmark {

    private static final int PIECES = 4096;

    @Param({"1", "100"})
    public int cursors;

    private final SystemTimers timers = SystemTimers.start();
    private final LiveMemory live = LiveMemory.create(
            InstantSource.system(), timers, new LiveMemory.Retention(Duration.ZERO, Duration.ofMinutes(1)));
    private final List<StreamLog.Cursor> open = new ArrayList<>();
    private StreamLog.@Nullable Writer writer;
    private int appended;
    private int replies;

    @Setup
    public void begin() {
        if (writer != null) {
            writer.end();
            writer.close();
        }
        open.forEach(StreamLog.Cursor::close);
        open.clear();
        MessageId reply = new MessageId("reply-" + replies++);
        writer = live.streams()
                .create(
                        new StreamHead(
                                Chat.SESSION, reply, new MessageId("q"), new Author.Agent("default", "Default"), "m", false),
                        1);
        for (int i = 0; i < cursors; i++) {
            open.add(live.streams().open(reply, 0));
        }
        appended = 0;
    }

    @TearDown
    public void end() {
        live.close();
        timers.close();
    }

    /** Divide by the number of cursors for one delivery. */
    @Benchmark
    public void appendAndRead(Blackhole seen) throws InterruptedException {
        if (++appended > PIECES) {
            begin();
        }
        Objects.requireNonNull(writer).append(" piece");
        for (StreamLog.Cursor cursor : open) {
            seen.consume(cursor.next(Duration.ZERO));
        }
    }
}
