package dev.parley.integration;

import dev.parley.testkit.Peers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engine.IO and Socket.IO against clients that others wrote, and against their specifications case by case. */
class SocketIoTest {

    private static final Path PEERS = NodeScript.ROOT.resolve("integration-tests/peers");

    private static final Duration INTERVAL = Duration.ofMillis(1_500);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    @Test
    void engine_io_is_spoken_as_specified() throws Exception {
        node("engineio.spec.mjs");
    }

    @Test
    void socket_io_is_spoken_as_specified() throws Exception {
        node("socketio.spec.mjs");
    }

    @Test
    void the_stock_client_talks_over_every_transport() throws Exception {
        node("socketio-client.spec.mjs");
    }

    @Test
    void the_stock_client_of_python_talks_over_every_transport() throws Exception {
        Program.needs("python", "python3", "install Python 3");
        if (Program.run(PEERS, folder.resolve("import"), List.of("python3", "-c", "import socketio, aiohttp")).code() != 0) {
            Peers.missing("python-socketio", "python3 -m pip install python-socketio aiohttp");
        }
        try (SocketIoEcho echo = SocketIoEcho.patient(INTERVAL, TIMEOUT)) {
            Program.run(PEERS, folder.resolve("python"), List.of("python3", "socketio_client.py", url(echo))).well();
        }
    }

    private void node(String script) throws Exception {
        Program.needs("node", "node", "install Node.js 20 or later");
        NodeScript.needsPackages(PEERS);
        try (SocketIoEcho echo = SocketIoEcho.patient(INTERVAL, TIMEOUT)) {
            List<String> command = List.of(
                    "env",
                    "SERVER=" + url(echo),
                    "PING_INTERVAL=" + INTERVAL.toMillis(),
                    "PING_TIMEOUT=" + TIMEOUT.toMillis(),
                    "node",
                    "--test",
                    "--test-reporter=spec",
                    "--test-timeout=240000",
                    script);
            Program.run(PEERS, folder.resolve("node"), command).well();
        }
    }

    private static String url(SocketIoEcho echo) {
        return "http://127.0.0.1:" + echo.port();
    }
}
