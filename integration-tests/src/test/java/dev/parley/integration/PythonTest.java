package dev.parley.integration;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests that the Python client brings along. */
final class PythonTest {

    @TempDir
    Path folder;

    @Test
    void the_client_passes_its_own_tests() throws Exception {
        // They start the scripted server, which is a program of Node's.
        Program.needs("node", "node", "install Node.js 20 or later");
        NodeScript.needsPackages(NodeScript.ROOT.resolve("clients/javascript"));
        PythonScript.clientTestsPass(folder.resolve("output"), "test_*.py", Map.of());
    }
}
