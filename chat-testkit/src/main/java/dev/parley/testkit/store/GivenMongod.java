package dev.parley.testkit.store;

import dev.parley.testkit.wire.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The real mongod that {@code TESTKIT_MONGOD} gives: the address of one that runs, or the path of a program, which is started once
 * for this process and ends with it. Where nothing is given, tests take a server in Java.
 */
public final class GivenMongod {

    private static final String VARIABLE = "TESTKIT_MONGOD";
    private static final Optional<String> ADDRESS = read(Optional.ofNullable(System.getenv(VARIABLE)));

    private GivenMongod() {}

    /** Its address, {@code mongodb://…} without a database. */
    public static Optional<String> address() {
        return ADDRESS;
    }

    /** Which server tests use, for what they say of themselves. */
    public static String used() {
        return ADDRESS.isPresent() ? "a real mongod" : "mongo-java-server";
    }

    private static Optional<String> read(Optional<String> variable) {
        return variable.filter(value -> !value.isBlank())
                .map(value -> value.startsWith("mongodb") ? value : started(Path.of(value)));
    }

    private static String started(Path program) {
        try {
            int port = FreePort.find();
            Path data = Files.createTempDirectory("parley-mongod");
            Process process = new ProcessBuilder(
                    program.toString(), "--port", Integer.toString(port), "--bind_ip", "127.0.0.1", "--dbpath", data.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(data.resolve("log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, data)));
            return "mongodb://127.0.0.1:" + port;
        } catch (IOException failed) {
            throw new UncheckedIOException("Expected " + VARIABLE + " to name an address or a program", failed);
        }
    }

    private static void end(Process process, Path data) {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
        }
        try (Stream<Path> all = Files.walk(data)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException left) {
            System.getLogger(GivenMongod.class.getName()).log(System.Logger.Level.DEBUG, "A folder is left", left);
        }
    }
}
