package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that the JavaScript client and the page bring along, run by Node. */
final class JavaScriptTest {

    @Test
    void the_client_passes_its_own_tests() throws Exception {
        Path client = NodeScript.ROOT.resolve("clients/javascript");
        NodeScript.needsPackages(client);
        passes(client.resolve("test"));
    }

    @Test
    void the_modules_of_the_page_pass_their_own_tests() throws Exception {
        passes(NodeScript.ROOT.resolve("web/src/test/js"));
    }

    private static void passes(Path folder) throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> tests =
                    files.map(Path::toString).filter(file -> file.endsWith(".test.mjs")).sorted().toList();
            assertThat(tests).as("tests in %s", folder).isNotEmpty();
            NodeScript.testsPass(folder, tests);
        }
    }
}
