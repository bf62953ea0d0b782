package dev.parley.adapter.mongo;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
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
 * The server that the tests of this module use, one for all of them: a real mongod where {@code TESTKIT_MONGOD} gives an address or
 * a binary, and one in Java that behaves like it in everything this module leans on.
 */
final class MongoPeer {
    static {
        // The server in Java changes a document while another of its threads sends it.
        System.setProperty("io.netty.eventLoopThreads", "1");
    }

    private static final MongoPeer ONE = start();

    private final String uri;
    private final boolean real;

    private MongoPeer(String uri, boolean real) {
        this.uri = uri;
        this.real = real;
        System.out.println("MongoDB contracts run on " + (real ? "a real mongod" : "mongo-java-server"));
    }

    static String uri() {
        return ONE.uri;
    }

    /** Whether it is a real mongod. */
    static boolean real() {
        return ONE.real;
    }

    private static MongoPeer start() {
        Optional<String> given = Optional.ofNullable(System.getenv("TESTKIT_MONGOD")).filter(value -> !value.isBlank());
        if (given.filter(value -> value.startsWith("mongodb")).isPresent()) {
            return new MongoPeer(given.get(), true);
        }
        return given.map(binary -> new MongoPeer(process(Path.of(binary)), true))
                .orElseGet(() -> new MongoPeer("mongodb:/" + inJava().bind(), false));
    }

    /** A server of its own, for tests that put it out of reach. */
    static MongoServer inJava() {
        return new MongoServer(new MemoryBackend());
    }

    private static String process(Path binary) {
        try {
            int port = FreePort.find();
            Path data = Files.createTempDirectory("parley-mongod");
            Process process = new ProcessBuilder(
                    binary.toString(), "--port", Integer.toString(port), "--bind_ip", "127.0.0.1", "--dbpath", data.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(data.resolve("log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, data)));
            return "mongodb://127.0.0.1:" + port;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
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
            System.getLogger(MongoPeer.class.getName()).log(System.Logger.Level.DEBUG, "A folder is left", left);
        }
    }
}
