package dev.parley.benchmarks.micro;

import dev.parley.domain.change.Change;
import dev.parley.domain.session.SessionId;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Messages stored in one SQLite file by two hundred virtual threads, each on the disk before the call returns. */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.Throughput, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Djmh.executor=VIRTUAL", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 5)
@Threads(200)
public class DurableSendBenchmark {

    private static final String TEXT = "How do I bake bread without yeast, and how long does it take until it is done?";

    private final SqliteFolder folder = SqliteFolder.open();
    private final AtomicLong ids = new AtomicLong();

    /** One session for each thread. */
    @State(Scope.Thread)
    public static class Writing {
        private SessionId session = new SessionId("none");

        @Setup
        public void begin(DurableSendBenchmark all) {
            session = new SessionId("session-" + all.ids.incrementAndGet());
            all.folder.begin(session);
        }
    }

    @TearDown
    public void end() {
        folder.close();
    }

    @Benchmark
    public Change send(Writing writing) {
        SessionId session = writing.session;
        String id = "message-" + ids.incrementAndGet();
        return folder.database()
                .sessions()
                .write(
                        session,
                        step -> step.append(
                                Chat.NOW, new Change.MessageAdded(Chat.message(id, session, TEXT, Chat.NOW))));
    }
}
