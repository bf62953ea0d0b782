package dev.parley.integration;

import dev.parley.testkit.Peers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A script of {@code integration-tests/peers}, run by Python; without Python or its websockets library the test is skipped. */
final class PythonScript {

    private static final Path PEERS = Path.of("peers").toAbsolutePath().normalize();

    /** Later versions of the library no longer have what clients of its first ten years use. */
    private static final String LEGACY = "import websockets; from websockets.legacy.client import connect;"
            + " assert websockets.connect is connect";

    private static final Path CLIENT = NodeScript.ROOT.resolve("clients/python");

    private PythonScript() {}

    /** The Python client's own tests of this pattern pass, with {@code environment} beside what there is. */
    static void clientTestsPass(Path output, String pattern, Map<String, String> environment)
            throws IOException, InterruptedException {
        Program.needs("python", "python3", "install Python 3.10 or later");
        if (Program.run(CLIENT, output, List.of("python3", "-c", "import websockets.asyncio.client")).code() != 0) {
            Peers.missing("websockets", "python3 -m pip install websockets==13.1");
        }
        Map<String, String> all = new HashMap<>(environment);
        all.put("PYTHONPATH", "src");
        all.put("PYTHONDONTWRITEBYTECODE", "1");
        Program.run(CLIENT, output, List.of("python3", "-m", "unittest", "discover", "-s", "tests", "-p", pattern), all)
                .well();
    }

    /** Passes when the script does, and answers the lines it printed; otherwise fails with everything it said. */
    static List<String> passes(Path output, String script, String... arguments)
            throws IOException, InterruptedException {
        Program.needs("python", "python3", "install Python 3");
        if (Program.run(PEERS, output, List.of("python3", "-c", LEGACY)).code() != 0) {
            Peers.missing("websockets", "python3 -m pip install websockets==13.1");
        }
        List<String> command = new ArrayList<>(List.of("python3", "-W", "ignore", script));
        command.addAll(List.of(arguments));
        return Program.run(PEERS, output, command).well().lines().toList();
    }
}
