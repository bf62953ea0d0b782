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

/** A script of {@code integration-tests/peers}, run by Node; without Node or the script's packages the test is skipped. */
final class NodeScript {

    private static final Path PEERS = Path.of("peers").toAbsolutePath().normalize();

    private NodeScript() {}

    /** Passes when the script does; otherwise fails with everything it said. */
    static void passes(Path output, String script, String... arguments) throws IOException, InterruptedException {
        if (!onPath("node")) {
            Peers.missing("node", "install Node.js 20 or later");
        }
        if (!Files.isDirectory(PEERS.resolve("node_modules"))) {
            Peers.missing("node", "run integration-tests/peers/install for the packages of integration-tests/peers");
        }
        List<String> command = new ArrayList<>(List.of("node", PEERS.resolve(script).toString()));
        command.addAll(List.of(arguments));
        Process node = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertThat(node.waitFor(4, TimeUnit.MINUTES))
                    .as(() -> script + " ends within four minutes, it said: " + said(output))
                    .isTrue();
        } finally {
            node.descendants().forEach(ProcessHandle::destroyForcibly);
            node.destroyForcibly();
        }
        assertThat(node.exitValue()).as(() -> script + " said: " + said(output)).isZero();
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator, -1)).anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private static String said(Path output) {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "nothing that could be read: " + unreadable;
        }
    }
}
