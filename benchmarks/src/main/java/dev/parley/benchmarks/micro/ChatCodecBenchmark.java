package dev.parley.benchmarks.micro;

import dev.parley.application.event.Event;
import dev.parley.protocols.Frame;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.chat.ChatProtocol;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Frames of the native protocol, without a socket. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChatCodecBenchmark {

    private final ChatProtocol protocol = Chat.protocol();
    private final ProtocolSession session = Chat.session(protocol);
    private final Event.ReplyGrew shared = Chat.grown(1200, " streamed");
    private final Frame message = Frame.text(
            "{\"type\":\"message\",\"id\":\"c-000123\",\"content\":\"How do I bake bread without yeast, and how long does it"
                    + " take?\",\"metadata\":{\"source\":\"page\"}}");
    private long offset;

    /** A client's message, read and turned into a command. */
    @Benchmark
    public List<Step> receiveMessage() {
        return session.received(message, Chat.NOW);
    }

    /** A piece that only one connection is told. */
    @Benchmark
    public Frame encodeChunk() {
        offset += 9;
        return session.encode(Chat.grown(offset, " streamed"));
    }

    /** A piece that another connection was told before. */
    @Benchmark
    public Frame encodeSharedChunk() {
        return session.encode(shared);
    }
}
