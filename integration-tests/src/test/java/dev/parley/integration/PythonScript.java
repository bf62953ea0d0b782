package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A script of {@code integration-tests/peers}, run by Python; without Python or its websockets library the test is skipped. */
final class PythonScript {

    private static final Path PEERS = Path.of("peers").toAbsolutePath().normalize();

    /** Later versions of the library no longer have what clients of its first ten years use. */
    private static final String LEGACY = "import websockets; from websockets.legacy.client import connect;"
            + " assert websockets.connect is connect";

    private PythonScript() {}

    /** Passes when the script does, and answers the lines it printed; otherwise fails with everything it said. */
    static List<String> passes(Path output, String script, String... arguments)
            throws IOException, InterruptedException {
        if (run(output, List.of("python3", "-c", LEGACY)) != 0) {
            Peers.missing("websockets", "python3 -m pip install websockets==13.1");
        }
        List<String> command = new ArrayList<>(List.of("python3", "-W", "ignore", PEERS.resolve(script).toString()));
        command.addAll(List.of(arguments));
        int code = run(output, command);
        String said = Files.readString(output);
        assertThat(code).as("%s said: %s", script, said).isZero();
        return said.lines().toList();
    }

    private static int run(Path output, List<String> command) throws IOException, InterruptedException {
        Process python;
        try {
            python = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        } catch (IOException absent) {
            return 127;
        }
        try {
            assertThat(python.waitFor(2, TimeUnit.MINUTES)).as("Python ends within two minutes").isTrue();
            return python.exitValue();
        } finally {
            python.destroyForcibly();
        }
    }
}
