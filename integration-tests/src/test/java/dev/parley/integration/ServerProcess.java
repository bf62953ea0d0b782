package dev.parley.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real program in a process of its own: the packaged jar where there is one, else the same classes. */
final class ServerProcess implements AutoCloseable {

    private static final Path JAR = Path.of("..", "server", "target", "parley", "parley.jar").toAbsolutePath().normalize();
    private static final Pattern OPENING = Pattern.compile("(http://\\S+?)/#token=(\\S+)");

    private final Process process;
    private final Path out;
    private final Path err;

    private ServerProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts it without waiting. */
    static ServerProcess launch(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        return launch(folder, environment, List.of(), arguments);
    }

    /** @param before a program that runs the rest of its command line in surroundings of its making */
    private static ServerProcess launch(
            Path folder, Map<String, String> environment, List<String> before, String... arguments) throws IOException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        List<String> command = new ArrayList<>(before);
        command.addAll(command());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.equals("PORT") || name.equals("OLLAMA_SERVER"));
        builder.environment().putAll(environment);
        return new ServerProcess(builder.start(), out, err);
    }

    /** What starts it, before its arguments. */
    static List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                // As the parley script starts it, but for the optimising: it is gone after seconds.
                "-XX:+UseSerialGC",
                "-Xmn32m",
                "-XX:TieredStopAtLevel=1"));
        if (Files.isRegularFile(JAR)) {
            command.addAll(List.of("-jar", JAR.toString()));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.parley.server.Main"));
        }
        return command;
    }

    /** Starts it at a free port and waits until it is ready. */
    static ServerProcess ready(Path folder, Map<String, String> environment) throws Exception {
        return ready(folder, folder.resolve("data"), environment);
    }

    /** @param before a program that runs the rest of its command line in surroundings of its making, and what it is told first */
    static ServerProcess ready(Path folder, Path data, Map<String, String> environment, String... before) throws Exception {
        ServerProcess server =
                launch(folder, environment, List.of(before), "--port", "0", "--data-dir", data.toString());
        long end = System.nanoTime() + Frames.PATIENCE.multipliedBy(2).toNanos();
        while (!server.out().contains("token=")) {
            if (!server.process.isAlive() || System.nanoTime() > end) {
                server.close();
                throw new AssertionError("Expected a server that gets ready, found: " + server.out() + server.err());
            }
            Thread.sleep(20);
        }
        return server;
    }

    String url() throws IOException {
        return opening().group(1);
    }

    String token() throws IOException {
        return opening().group(2);
    }

    private Matcher opening() throws IOException {
        Matcher opening = OPENING.matcher(out());
        if (!opening.find()) {
            throw new AssertionError("Expected an address to open, found: " + out());
        }
        return opening;
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    /** A file as the process sees it, whose file systems may be others than this one's. */
    Path seen(Path file) {
        return Path.of("/proc", String.valueOf(process.pid()), "root").resolve(file.toString().substring(1));
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(Frames.PATIENCE.multipliedBy(2).toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("Expected the process to end, found it running");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
