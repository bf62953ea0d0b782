package dev.parley.bootstrap;

import dev.parley.adapter.mongo.MongoAdapter;
import dev.parley.adapter.mongo.MongoSettings;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What is durable in MongoDB. Loaded only when it is asked for, since its driver is optional. */
final class MongoWiring {

    private static final System.Logger LOG = System.getLogger(MongoWiring.class.getName());

    private static final Duration TO_CONNECT = Duration.ofSeconds(3);
    private static final Duration FOR_ANSWERS = Duration.ofSeconds(10);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(5);

    private MongoWiring() {}

    static Stores open(String uri, Telemetry telemetry, Timers timers, InstantSource clock, Lifecycle life) {
        MongoSettings settings = MongoSettings.of(uri).waiting(TO_CONNECT, FOR_ANSWERS);
        MongoAdapter mongo = life.opened("MongoDB", connected(settings, telemetry));
        LOG.log(System.Logger.Level.INFO, "What is durable is in {0}", mongo.server());
        life.opened("sweep of MongoDB", Repeating.every(SWEEP_EVERY, timers, () -> sweep(mongo, clock)));
        return new Stores(
                new Replacements.Durable(
                        mongo.sessions(),
                        mongo.messages(),
                        mongo.replies(),
                        mongo.revocations(),
                        mongo.audit(),
                        mongo.topics(),
                        mongo.attachments(),
                        mongo.blobs()),
                List.of(() -> store(mongo)),
                Optional.of(new NodeId("mongodb-" + settings.database())),
                false,
                Optional.of(mongo.leases(clock)),
                Optional.empty());
    }

    private static MongoAdapter connected(MongoSettings settings, Telemetry telemetry) {
        try {
            return MongoAdapter.connect(settings, telemetry);
        } catch (CorruptDataException newer) {
            throw new StartException(StartException.Reason.DATABASE, String.valueOf(newer.getMessage()), newer);
        } catch (UnavailableException away) {
            throw new StartException(StartException.Reason.DEPENDENCY, String.valueOf(away.getMessage()), away);
        }
    }

    private static void sweep(MongoAdapter mongo, InstantSource clock) {
        try {
            mongo.sweep(clock.instant());
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "Expected to sweep what has ended", away);
        }
    }

    private static Health.Part store(MongoAdapter mongo) {
        Optional<String> fault = mongo.fault();
        fault.ifPresent(what -> LOG.log(System.Logger.Level.ERROR, what));
        return new Health.Part(
                "store", fault.isEmpty(), true, fault.isEmpty() ? "mongodb" : "mongodb does not answer: nothing is taken");
    }
}
