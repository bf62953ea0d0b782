package dev.parley.integration;

import dev.parley.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What Node runs; without Node or the packages that are needed the test is skipped, or fails where they are demanded. */
public final class NodeScript {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PEERS = ROOT.resolve("integration-tests/peers");

    private NodeScript() {}

    /** A script of {@code integration-tests/peers} ends well. */
    static void passes(Path output, String script, String... arguments) throws IOException, InterruptedException {
        passes(output, script, Map.of(), arguments);
    }

    /** The same, with {@code environment} beside what there is. */
    public static void passes(Path output, String script, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        isThere();
        List<String> command = new ArrayList<>(List.of(script));
        command.addAll(List.of(arguments));
        run(PEERS, output, command, environment);
    }

    /** Node and the packages that scripts need. */
    public static void isThere() {
        Program.needs("node", "node", "install Node.js 20 or later");
        needsPackages(PEERS);
    }

    /** The test files of a folder pass. */
    static void testsPass(Path output, Path folder, List<String> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("--test", "--test-timeout=600000"));
        command.addAll(files);
        run(folder, output, command, Map.of());
    }

    static void needsPackages(Path folder) {
        if (!Files.isDirectory(folder.resolve("node_modules"))) {
            Peers.missing("node", "run integration-tests/peers/install for the packages of " + ROOT.relativize(folder));
        }
    }

    private static void run(Path directory, Path output, List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        Program.needs("node", "node", "install Node.js 20 or later");
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(arguments);
        Program.run(directory, output, command, environment).well();
    }
}
