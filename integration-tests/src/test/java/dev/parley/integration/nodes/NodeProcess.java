package dev.parley.integration.nodes;

import dev.parley.testkit.wire.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real server in a process of its own, always at the same port: the packaged jar where there is one, else the same classes. */
final class NodeProcess implements AutoCloseable {

    private static final Path JAR = Path.of("..", "server", "target", "parley", "parley.jar").toAbsolutePath().normalize();

    /** Far longer than what a drain may take by the settings. */
    private static final Duration DRAINED = Duration.ofMinutes(2);

    private final Path folder;
    private final int port;
    private final Map<String, String> environment;
    private final HttpClient http;
    private Process process;
    private Path log;

    private NodeProcess(Path folder, int port, Map<String, String> environment, HttpClient http) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.port = port;
        this.environment = environment;
        this.http = http;
        this.log = folder;
        this.process = launched();
    }

    /** Starts it without waiting. */
    static NodeProcess start(Path folder, int port, Map<String, String> environment, HttpClient http) throws IOException {
        return new NodeProcess(folder, port, environment, http);
    }

    /** Starts it at a free port without waiting. */
    static NodeProcess start(Path folder, Map<String, String> environment, HttpClient http) throws IOException {
        return start(folder, FreePort.find(), environment, http);
    }

    long pid() {
        return process.pid();
    }

    private Process launched() throws IOException {
        log = Files.createTempFile(folder, "log", ".txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m"));
        if (Files.isRegularFile(JAR)) {
            command.addAll(List.of("-jar", JAR.toString()));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.parley.server.Main"));
        }
        command.addAll(List.of("--port", String.valueOf(port), "--data-dir", folder.resolve("data").toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    boolean ready() {
        if (!process.isAlive()) {
            throw new AssertionError("Expected a server that starts, found: " + said());
        }
        try {
            return http.send(
                    HttpRequest.newBuilder(address().resolve("/health")).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void awaitReady() {
        // It shares the machine with another server and all of their clients.
        NodesContract.soon("the server at " + port + " is ready").atMost(Guest.PATIENCE.multipliedBy(4)).until(this::ready);
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; the exit code, once it has drained. */
    int drain() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(DRAINED.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("Expected a server that ends when it is told to, found: " + said());
        }
        return process.exitValue();
    }

    /** Starts it again, after {@link #kill} or {@link #drain}, without waiting. */
    void restart() throws IOException {
        process = launched();
    }

    /** What it wrote since it was started last. */
    String said() {
        try {
            return Files.readString(log);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    /** The lines that speak of {@code what}, of all its lives, and what was not as it should be at any time. */
    String said(String what) {
        try (Stream<Path> logs = Files.list(folder)) {
            StringBuilder said = new StringBuilder();
            for (Path life : logs.filter(Files::isRegularFile).toList()) {
                Files.readString(life)
                        .lines()
                        .filter(line -> line.contains(what) || line.contains(" WARN ") || line.contains(" ERROR "))
                        .forEach(line -> said.append(line).append('\n'));
            }
            return said.toString();
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
