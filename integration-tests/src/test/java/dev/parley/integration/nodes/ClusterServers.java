package dev.parley.integration.nodes;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.parley.testkit.live.RealRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis and a MongoDB for all tests of this process: a real mongod where {@code TESTKIT_MONGOD} gives the address of one, and
 * one in Java otherwise. Each test has names of its own in them.
 */
final class ClusterServers {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private ClusterServers() {}

    /** Begun by whoever asks first, and ended with the JVM. */
    private static final class Shared {
        static final RealRedis REDIS = redis();
        static final String MONGO = mongo();

        private static RealRedis redis() {
            RealRedis server = ownRedis();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            return server;
        }

        private static String mongo() {
            Optional<String> given = Optional.ofNullable(System.getenv("TESTKIT_MONGOD"))
                    .filter(address -> address.startsWith("mongodb"));
            System.out.println("Nodes share " + (given.isPresent() ? "a real mongod" : "mongo-java-server"));
            return given.orElseGet(() -> {
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
    static RealRedis ownRedis() {
        try {
            Path folder = Files.createTempDirectory("parley-redis");
            Path program = ExecutableProvider.newJarResourceProvider(folder.toFile()).get().toPath();
            return RealRedis.start(program, folder);
        } catch (IOException unusable) {
            throw new UncheckedIOException("Expected to unpack a Redis", unusable);
        }
    }

    /** A name that no other test has. */
    static String name() {
        return "test-" + NAMES.incrementAndGet();
    }
}
