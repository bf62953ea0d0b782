package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.Peers;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the machine, run to its end. */
final class Program {

    private static final Duration LONGEST = Duration.ofMinutes(15);

    private Program() {}

    /**
     * What is left of a program.
     *
     * @param said everything that it wrote, whatever to
     */
    record Ended(int code, String said) {

        /** It ended as programs do when all went well; otherwise fails with everything that it said. */
        String well() {
            assertThat(code).as(said).isZero();
            return said;
        }
    }

    /** Without {@code program} on this machine the test is skipped, or fails where {@code peer} is demanded. */
    static void needs(String peer, String program, String remedy) {
        String path = System.getenv().getOrDefault("PATH", "");
        if (Stream.of(path.split(File.pathSeparator, -1)).noneMatch(place -> Files.isExecutable(Path.of(place, program)))) {
            Peers.missing(peer, remedy);
        }
    }

    /**
     * Runs it in {@code directory}; whatever it started is gone afterwards too.
     *
     * @param output the file that what it says is written to
     */
    static Ended run(Path directory, Path output, List<String> command) throws IOException, InterruptedException {
        return run(directory, output, command, Map.of());
    }

    /** The same, with {@code environment} beside what there is. */
    static Ended run(Path directory, Path output, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS);
            String said = Files.readString(output, StandardCharsets.UTF_8);
            return ended ? new Ended(process.exitValue(), said) : new Ended(-1, "Not over after " + LONGEST + ": " + said);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
