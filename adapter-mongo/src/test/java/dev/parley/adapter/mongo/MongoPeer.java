package dev.parley.adapter.mongo;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.parley.testkit.store.GivenMongod;

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

    /** A server of its own, for tests that put it out of reach. */
    static MongoServer inJava() {
        return new MongoServer(new MemoryBackend());
    }
}
