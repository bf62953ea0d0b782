package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests that the JavaScript client and the page bring along, run by Node. */
final class JavaScriptTest {

    @TempDir
    Path folder;

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

    private void passes(Path tests) throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(tests)) {
            List<String> all =
                    files.map(Path::toString).filter(file -> file.endsWith(".test.mjs")).sorted().toList();
            assertThat(all).as("tests in %s", tests).isNotEmpty();
            NodeScript.testsPass(folder.resolve("output"), tests, all);
        }
    }
}
