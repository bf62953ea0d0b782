package dev.parley.benchmarks.micro;

import dev.parley.application.event.Event;
import dev.parley.application.event.EventSink;
import dev.parley.domain.access.Verification;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.chat.ChatProtocol;
import dev.parley.protocols.connection.Arrival;
import dev.parley.protocols.connection.Connection;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.protocols.connection.Connections;
import dev.parley.protocols.connection.FrameWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A piece of a reply from the engine's event to the transport: wire language, mailbox, frame. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MailboxBenchmark {

    private static final int WAITING = 32;

    private final ChatProtocol chat = Chat.protocol();
    private final SilentEngine engine = new SilentEngine();
    private final BusyWriter writer = new BusyWriter();
    private final Connection connection = connect();
    private final EventSink sink = engine.newest();
    private long offset;

    /** The transport takes each frame at once. */
    @Benchmark
    public long toFreeTransport() {
        sink.accept(next());
        writer.complete();
        return writer.frames;
    }

    /** The transport is busy while {@value #WAITING} pieces come; they are merged. */
    @Benchmark
    @OperationsPerInvocation(WAITING)
    public long toBusyTransport() {
        for (int i = 0; i < WAITING; i++) {
            sink.accept(next());
        }
        writer.complete();
        writer.complete();
        return writer.frames;
    }

    private Event.ReplyGrew next() {
        Event.ReplyGrew grown = Chat.grown(offset, " piece");
        offset = grown.to();
        return grown;
    }

    private Connection connect() {
        Connections connections = new Connections(
                engine,
                token -> new Verification.Refused(false, ""),
                Runnable::run,
                ConnectionSettings.STANDARD,
                InstantSource.system(),
                Telemetry.SILENT);
        Connection opened = connections.connect(
                new Silent(), new Arrival(Chat.ANA, ClientInfo.UNKNOWN, Map.of(), Map.of(), List.of(), false), writer);
        opened.opened();
        return opened;
    }

    /** Keeps the compiler from dropping the connection. */
    @Override
    public String toString() {
        return connection.id().toString();
    }

    /** A transport that takes the next batch only when told. */
    private static final class BusyWriter implements FrameWriter {
        private @Nullable Runnable completion;
        private long frames;

        @Override
        public void write(List<Frame> batch, Runnable done) {
            frames += batch.size();
            completion = done;
        }

        void complete() {
            Runnable done = completion;
            completion = null;
            if (done != null) {
                done.run();
            }
        }

        @Override
        public void close(int code, String reason) {}
    }

    /** The native protocol without its entrance. */
    private final class Silent implements Protocol {

        @Override
        public String name() {
            return "chat";
        }

        @Override
        public ProtocolSession open(Handshake handshake) {
            ProtocolSession inner = Chat.session(chat);
            return new Inside(inner);
        }
    }

    private record Inside(ProtocolSession inner) implements ProtocolSession {

        @Override
        public List<Step> opened(Instant now) {
            return List.of();
        }

        @Override
        public List<Step> received(Frame frame, Instant now) {
            return inner.received(frame, now);
        }

        @Override
        public List<Step> happened(Event event, Instant now) {
            return inner.happened(event, now);
        }

        @Override
        public List<Step> closing(Closing why, Instant now) {
            return inner.closing(why, now);
        }

        @Override
        public List<Step> heartbeat(Instant now) {
            return List.of();
        }

        @Override
        public Frame encode(Event.ReplyGrew grown) {
            return inner.encode(grown);
        }
    }
}
