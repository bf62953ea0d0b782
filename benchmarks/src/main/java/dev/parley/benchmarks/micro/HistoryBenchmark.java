package dev.parley.benchmarks.micro;

import dev.parley.domain.Page;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.Slice;
import java.util.concurrent.TimeUnit;
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

/** The last fifty messages of one of many sessions in a SQLite file. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
public class HistoryBenchmark {

    private static final int IN_A_SESSION = 1000;
    private static final int IN_A_STEP = 250;
    private static final String TEXT = "How do I bake bread without yeast, and how long does it take until it is done?";

    @Param("1000000")
    public int messages;

    private final SqliteFolder folder = SqliteFolder.open();
    private int next;

    @Setup
    public void fill() {
        for (int session = 0; session < messages / IN_A_SESSION; session++) {
            folder.begin(id(session));
        }
        // In turns, so that a session's messages do not lie side by side in the file.
        for (int step = 0; step < IN_A_SESSION / IN_A_STEP; step++) {
            for (int session = 0; session < messages / IN_A_SESSION; session++) {
                add(id(session), session + "-" + step);
            }
        }
    }

    private void add(SessionId session, String name) {
        folder.database().sessions().write(session, step -> {
            for (int i = 0; i < IN_A_STEP; i++) {
                step.append(
                        Chat.NOW,
                        new Change.MessageAdded(
                                Chat.message("message-" + name + "-" + i, session, TEXT, Chat.NOW)));
            }
            return true;
        });
    }

    private static SessionId id(int session) {
        return new SessionId("session-" + session);
    }

    @TearDown
    public void end() {
        folder.close();
    }

    @Benchmark
    public Page<Message> lastFifty() {
        next = (next + 7919) % (messages / IN_A_SESSION);
        return folder.database().messages().page(id(next), new Slice.Newest(50));
    }
}
