package dev.parley.integration.nodes;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.parley.testkit.live.RealRedis;
import dev.parley.testkit.store.GivenMongod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis and a MongoDB for all tests of this process: a real mongod where {@code TESTKIT_MONGOD} gives one, and one in
 * Java otherwise. Each test has names of its own in them.
 */
final class ClusterServers {

    private static final String RUN = "test-" + Long.toString(System.currentTimeMillis(), 36) + "-";
    private static final AtomicInteger NAMES = new AtomicInteger();

    private ClusterServers() {}

    /** The program of Redis, unpacked once; it goes with the JVM, and what it runs with it. */
    private static final class Program {
        static final Path FOLDER = folder();
        static final Path FILE = unpacked();
        static final Queue<RealRedis> STARTED = new ConcurrentLinkedQueue<>();

        private static Path folder() {
            try {
                Path folder = Files.createTempDirectory("parley-redis");
                Runtime.getRuntime().addShutdownHook(new Thread(Program::end));
                return folder;
            } catch (IOException unusable) {
                throw new UncheckedIOException("Expected a folder for a Redis", unusable);
            }
        }

        private static Path unpacked() {
            try {
                return ExecutableProvider.newJarResourceProvider(FOLDER.toFile()).get().toPath();
            } catch (IOException unusable) {
                throw new UncheckedIOException("Expected to unpack a Redis", unusable);
            }
        }

        private static void end() {
            STARTED.forEach(RealRedis::close);
            try (Stream<Path> all = Files.walk(FOLDER)) {
                all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
            } catch (IOException | UncheckedIOException left) {
                System.getLogger(ClusterServers.class.getName()).log(System.Logger.Level.DEBUG, "A folder is left", left);
            }
        }
    }

    /** Begun by whoever asks first, and ended with the JVM. */
    private static final class Shared {
        static final RealRedis REDIS = ownRedis();
        static final String MONGO = mongo();

        private static String mongo() {
            System.out.println("Nodes share " + GivenMongod.used());
            return GivenMongod.address().orElseGet(() -> {
                // The server in Java changes a document while another of its threads sends it.
                System.setProperty("io.netty.eventLoopThreads", "1");
                return "mongodb:/" + new MongoServer(new MemoryBackend()).bind();
            });
        }
    }

    static RealRedis redis() {
        return Shared.REDIS;
    }

    static String mongo() {
        return Shared.MONGO;
    }

    /** A Redis that a test may do harm to; whoever asks closes it. */
    static RealRedis ownRedis(String... options) {
        RealRedis redis = RealRedis.start(Program.FILE, Program.FOLDER, options);
        Program.STARTED.add(redis);
        return redis;
    }

    /** A name that no other test has, nor had in an earlier run on the same servers. */
    static String name() {
        return RUN + NAMES.incrementAndGet();
    }
}
