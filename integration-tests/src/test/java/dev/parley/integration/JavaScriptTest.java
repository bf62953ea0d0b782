package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.Peers;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests that the JavaScript client and the page bring along, run by Node. */
final class JavaScriptTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @Test
    void the_client_passes_its_own_tests() throws Exception {
        Path client = ROOT.resolve("clients/javascript");
        if (!Files.isDirectory(client.resolve("node_modules/ws"))) {
            Peers.missing("node", "run integration-tests/peers/install for the packages of clients/javascript");
        }
        passes(client.resolve("test"));
    }

    @Test
    void the_modules_of_the_page_pass_their_own_tests() throws Exception {
        passes(ROOT.resolve("web/src/test/js"));
    }

    private void passes(Path tests) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("node", "--test", "--test-timeout=60000"));
        try (Stream<Path> files = Files.list(tests)) {
            files.filter(file -> file.toString().endsWith(".test.mjs")).sorted().map(Path::toString).forEach(command::add);
        }
        assertThat(command).as("tests in %s", tests).hasSizeGreaterThan(3);
        Path output = folder.resolve("output");
        Process node = start(command, output);
        try {
            assertThat(node.waitFor(5, TimeUnit.MINUTES)).as("Node ends within five minutes").isTrue();
        } finally {
            node.destroyForcibly();
        }
        assertThat(node.exitValue()).as(() -> read(output)).isZero();
    }

    private static Process start(List<String> command, Path output) throws IOException {
        if (!hasNode()) {
            Peers.missing("node", "install Node.js 20 or later");
        }
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    private static boolean hasNode() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator, -1)).anyMatch(place -> Files.isExecutable(Path.of(place, "node")));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "Its output could not be read: " + unreadable;
        }
    }
}
