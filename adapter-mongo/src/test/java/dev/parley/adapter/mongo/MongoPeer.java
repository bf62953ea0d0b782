package dev.parley.adapter.mongo;

import static org.awaitility.Awaitility.await;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.testkit.store.GivenMongod;
import java.time.Duration;

/**
 * The server that the tests of this module use, one for all of them: a real mongod where {@code TESTKIT_MONGOD} gives an address or
 * a binary, and one in Java that behaves like it in everything this module leans on.
 */
final class MongoPeer {
    static {
        // The server in Java changes a document while another of its threads sends it.
        System.setProperty("io.netty.eventLoopThreads", "1");
        System.out.println("MongoDB contracts run on " + GivenMongod.used());
    }

    private static final String URI =
            GivenMongod.address().orElseGet(() -> "mongodb:/" + inJava().bind());

    private MongoPeer() {}

    static String uri() {
        return URI;
    }

    /** Connects although little time is given for it, and this machine may be busy. */
    static MongoAdapter connected(MongoSettings settings, Telemetry telemetry) {
        return await().atMost(Duration.ofMinutes(1))
                .ignoreExceptionsInstanceOf(UnavailableException.class)
                .until(() -> MongoAdapter.connect(settings, telemetry), adapter -> true);
    }

    /** A server of its own, for tests that put it out of reach. */
    static MongoServer inJava() {
        return new MongoServer(new MemoryBackend());
    }
}
