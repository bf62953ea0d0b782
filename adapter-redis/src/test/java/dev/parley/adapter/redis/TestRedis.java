package dev.parley.adapter.redis;

import dev.parley.testkit.live.RealRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/** The Redis server that all tests share which do it no harm; each test has names of its own in it. */
final class TestRedis {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private TestRedis() {}

    /** Begun by whoever asks first, and ended with the JVM. */
    private static final class Shared {
        static final RealRedis SERVER = begun();

        private static RealRedis begun() {
            RealRedis server = own();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            return server;
        }
    }

    static RealRedis shared() {
        return Shared.SERVER;
    }

    /** A server that a test may do harm to; whoever asks closes it. */
    static RealRedis own(String... options) {
        return RealRedis.start(program(), folder(), options);
    }

    static Path program() {
        return Program.PATH;
    }

    static Path folder() {
        try {
            Path folder = Files.createTempDirectory("parley-redis");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
            return folder;
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException left) {
            System.getLogger(TestRedis.class.getName()).log(System.Logger.Level.DEBUG, "A folder is left", left);
        }
    }

    /** What names begin with that no other test has. */
    static String prefix() {
        return "test-" + NAMES.incrementAndGet() + ":";
    }

    private static final class Program {
        static final Path PATH = unpacked();

        private static Path unpacked() {
            try {
                return ExecutableProvider.newJarResourceProvider(folder().toFile()).get().toPath();
            } catch (IOException unusable) {
                throw new UncheckedIOException(unusable);
            }
        }
    }
}
