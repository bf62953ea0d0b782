package dev.parley.integration;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The server as people start it: a process of its own, from the built distribution where there is one. */
final class KillableServer implements AutoCloseable {

    private static final Path DISTRIBUTION = Path.of("../server/target/parley/parley.jar").toAbsolutePath().normalize();
    private static final Pattern READY = Pattern.compile("http://\\S+#token=\\S+");
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final Path output;

    private KillableServer(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** @param output the file that receives what it says */
    static KillableServer start(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Files.exists(DISTRIBUTION)) {
            command.addAll(List.of("-jar", DISTRIBUTION.toString()));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.parley.server.Main"));
        }
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        // What the machine's own settings say is not what a test wants.
        builder.environment().keySet().removeIf(name -> !name.equals("PATH") && !name.equals("HOME") && !name.equals("TMPDIR"));
        return new KillableServer(builder.start(), output);
    }

    /** The page with a token in its fragment; waits until the server says it. */
    URI opening() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            Optional<String> address = READY.matcher(said()).results().map(found -> found.group()).findFirst();
            if (address.isPresent()) {
                return URI.create(address.get());
            }
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new AssertionError("Expected a server that is ready, found: " + said());
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends it the way that leaves it no time for anything, and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("Expected a killed process to be gone");
        }
    }

    /** What it ends with by itself. */
    int exitCode() throws Exception {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("Expected the process to end, found: " + said());
        }
        return process.exitValue();
    }

    /** Everything it said so far, of both kinds. */
    String said() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
