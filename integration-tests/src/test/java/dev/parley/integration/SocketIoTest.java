package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.Peers;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engine.IO and Socket.IO against clients that others wrote, and against their specifications case by case. */
class SocketIoTest {

    private static final Path PEERS = Path.of("peers").toAbsolutePath();

    private static final Duration INTERVAL = Duration.ofMillis(1_500);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    @Test
    void engine_io_is_spoken_as_specified() throws Exception {
        node("engineio.spec.mjs", "ws");
    }

    @Test
    void socket_io_is_spoken_as_specified() throws Exception {
        node("socketio.spec.mjs", "ws");
    }

    @Test
    void the_stock_client_talks_over_every_transport() throws Exception {
        node("socketio-client.spec.mjs", "socket.io-client");
    }

    @Test
    void the_stock_client_of_python_talks_over_every_transport() throws Exception {
        needs("python", "python3", "install Python 3");
        if (run(List.of("python3", "-c", "import socketio, aiohttp"), "").code() != 0) {
            Peers.missing("python-socketio", "python3 -m pip install python-socketio aiohttp");
        }
        try (SocketIoEcho echo = SocketIoEcho.patient(INTERVAL, TIMEOUT)) {
            Ended python = run(List.of("python3", "socketio_client.py", url(echo)), "");
            assertThat(python.code()).as(python.output()).isZero();
        }
    }

    private void node(String script, String dependency) throws Exception {
        needs("node", "node", "install Node.js 20 or later");
        if (!Files.isDirectory(PEERS.resolve("node_modules").resolve(dependency))) {
            Peers.missing("node", "run integration-tests/peers/install");
        }
        try (SocketIoEcho echo = SocketIoEcho.patient(INTERVAL, TIMEOUT)) {
            Ended node = run(List.of("node", "--test", "--test-reporter=spec", "--test-timeout=60000", script), url(echo));
            assertThat(node.code()).as(node.output()).isZero();
        }
    }

    private static String url(SocketIoEcho echo) {
        return "http://127.0.0.1:" + echo.port();
    }

    private static void needs(String peer, String program, String remedy) {
        String path = System.getenv().getOrDefault("PATH", "");
        if (Stream.of(path.split(File.pathSeparator, -1)).noneMatch(place -> Files.isExecutable(Path.of(place, program)))) {
            Peers.missing(peer, remedy);
        }
    }

    private record Ended(int code, String output) {}

    private Ended run(List<String> command, String server) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "peer", ".txt");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                .directory(PEERS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("SERVER", server);
        builder.environment().put("PING_INTERVAL", Long.toString(INTERVAL.toMillis()));
        builder.environment().put("PING_TIMEOUT", Long.toString(TIMEOUT.toMillis()));
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(4, TimeUnit.MINUTES);
            return new Ended(ended ? process.exitValue() : -1, Files.readString(output));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
