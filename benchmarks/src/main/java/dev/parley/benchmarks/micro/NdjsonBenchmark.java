package dev.parley.benchmarks.micro;

import dev.parley.adapter.ollama.OllamaAdapter;
import dev.parley.adapter.ollama.OllamaSettings;
import dev.parley.benchmarks.peer.ModelServer;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** An answer of a model's server read over loopback, as fast as it comes: one line for each word. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class NdjsonBenchmark {

    private static final int WORDS = 10_000;

    private final OllamaAdapter model =
            OllamaAdapter.open(OllamaSettings.of("127.0.0.1:" + port()), InstantSource.system());
    private final Prompt prompt = new Prompt(
            "bench", List.of(new Prompt.Turn(Role.USER, "#" + WORDS + "@0")), ModelOptions.DEFAULT);

    @TearDown
    public void end() {
        model.close();
    }

    @Benchmark
    @OperationsPerInvocation(WORDS)
    public Completion readLines(Blackhole seen) throws InterruptedException {
        return model.stream(prompt, fragment -> seen.consume(fragment.text()));
    }

    private static int port() {
        try {
            return ModelServer.background();
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }
}
