package dev.parley.bootstrap;

import dev.parley.adapter.clamav.ClamdScanner;
import dev.parley.adapter.clamav.ClamdSettings;
import dev.parley.adapter.embedded.demo.DemoModel;
import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.embedded.system.SettingsProjects;
import dev.parley.adapter.embedded.system.SystemTimers;
import dev.parley.adapter.embedded.system.TimeOrderedIds;
import dev.parley.adapter.embedded.words.WordFilter;
import dev.parley.adapter.ollama.OllamaAdapter;
import dev.parley.adapter.ollama.OllamaSettings;
import dev.parley.adapter.tika.InspectionLimits;
import dev.parley.adapter.tika.TikaInspector;
import dev.parley.application.ChatEngine;
import dev.parley.application.ChatEngineBuilder;
import dev.parley.application.FilePorts;
import dev.parley.application.Ports;
import dev.parley.bootstrap.model.AbsentModel;
import dev.parley.bootstrap.model.DemoUntilReachable;
import dev.parley.bootstrap.model.ModelSource;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.IdSource;
import dev.parley.domain.live.Leases;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.llm.Agent;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.time.Timers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Puts a server together by hand: read {@link #wire} from top to bottom. Used once, by one thread. */
final class Wiring {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final Settings settings;
    private final List<Agent> agents;
    private final Replacements own;
    private final boolean withHost;
    private final Lifecycle life = new Lifecycle();

    Wiring(Settings settings, List<Agent> moreAgents, Replacements own, boolean withHost) {
        this.settings = settings;
        this.agents = new ArrayList<>(settings.agents());
        this.agents.addAll(moreAgents);
        this.own = own;
        this.withHost = withHost;
    }

    Parley start() {
        boolean started = false;
        try {
            Parley parley = wire();
            started = true;
            return parley;
        } finally {
            if (!started) {
                life.close();
            }
        }
    }

    private Parley wire() {
        InstantSource clock = own.clock.orElseGet(InstantSource::system);
        Metrics metrics = own.telemetry.map(Metrics::to).orElseGet(() -> Metrics.ifThere(clock, life));
        Telemetry telemetry = metrics.telemetry();
        IdSource ids = own.ids.orElseGet(() -> new TimeOrderedIds(clock));
        Optional<HostWiring> network =
                withHost ? Optional.of(HostWiring.begin(settings, ids, clock, metrics, life)) : Optional.empty();
        Timers timers = own.timers.orElseGet(() -> life.opened("timers", SystemTimers.start()));

        Stores stores = stores(telemetry, ids, timers, clock);
        Replacements.Durable durable = stores.ports();
        LiveMemory memory = life.opened("live memory", LiveMemory.create(clock, timers));
        Live live = live(memory, telemetry, ids, timers).replacedBy(own);
        claim(stores, live, timers);
        ModelSource models = models(clock);

        Optional<ClamdScanner> clamd = settings.uploads().scanner().map(where -> clamd(where, timers));

        Ports ports = new Ports(
                durable.sessions(),
                durable.messages(),
                durable.replies(),
                durable.revocations(),
                durable.audit(),
                durable.topics(),
                new FilePorts(
                        durable.attachments(),
                        durable.blobs(),
                        own.inspector.orElseGet(() -> new TikaInspector(InspectionLimits.STANDARD)),
                        own.scanner.or(() -> clamd)),
                live.streams(),
                live.bus(),
                live.presence(),
                live.limiter(),
                live.leases(),
                live.connections(),
                models.streamer(),
                models.catalog(),
                own.projects.orElseGet(() -> SettingsProjects.of(settings.projects())),
                telemetry,
                ids,
                timers,
                clock,
                own.filter.orElseGet(() -> WordFilter.of(settings.words())));
        Tokens tokens = own.verifier
                .map(Tokens::verifiedBy)
                .orElseGet(() -> Tokens.of(settings, own.durable.isEmpty(), ids, clock, life));
        ChatEngineBuilder builder =
                ChatEngineBuilder.over(ports).settings(settings.engine()).agents(agents);
        if (stores.exclusive()) {
            builder.alone();
        }
        ChatEngine engine = life.opened("engine", builder.build());

        HealthChecks health = new HealthChecks(clock, telemetry, engine::accepting);
        stores.checks().forEach(health::add);
        health.add(() -> model(models));
        clamd.ifPresent(scanner -> health.add(() -> scanner(scanner)));
        live.checks().forEach(health::add);
        live.limiterCheck().ifPresent(health::add);
        Optional<RunningHost> host = network.map(begun -> begun.start(engine, ports, tokens, health));
        if (!stores.exclusive() || live.shared()) {
            // What is elsewhere can go away while nobody asks how this server is; the metrics are to know it all the same.
            life.opened("looks at what is elsewhere", Repeating.every(LOOK_EVERY, timers, health::now));
        }
        return new Parley(
                settings, engine, host, tokens, health, stores.backup(), life);
    }

    /** What is durable: the embedder's own, in MongoDB where settings say so, in the data folder else. */
    private Stores stores(Telemetry telemetry, IdSource ids, Timers timers, InstantSource clock) {
        if (own.durable.isPresent()) {
            return Stores.given(own.durable.get());
        }
        if (settings.storage().mongo().isEmpty()) {
            return SqliteWiring.open(settings, telemetry, ids, life);
        }
        String uri = settings.storage().mongo().get();
        Stores mongo = missingPart("adapter-mongo", () -> MongoWiring.open(uri, telemetry, timers, clock, life));
        if (settings.storage().redis().isPresent()) {
            return mongo;
        }
        // Alone on it, this server is known by its data folder, so that it is let in again after a crash.
        SqliteWiring.locked(settings, life);
        return mongo.of(FolderIdentity.of(settings.dataFolder(), ids));
    }

    /** What is live: in Redis where settings say so, in memory else. */
    private Live live(LiveMemory memory, Telemetry telemetry, IdSource ids, Timers timers) {
        return settings.storage()
                .redis()
                .map(url -> missingPart(
                        "adapter-redis",
                        () -> RedisWiring.open(url, settings, memory, ids, timers, telemetry, life)))
                .orElseGet(() -> Live.in(memory));
    }

    /** Keeps a second server out of what is for one alone; those that may share all have one name for what they share. */
    private void claim(Stores stores, Live live, Timers timers) {
        Optional<NodeId> name = stores.identity();
        if (name.isPresent() && live.shared()) {
            life.opened(
                    "claim of Redis",
                    StoreClaim.of(
                            "store",
                            name.get(),
                            live.leases(),
                            timers,
                            "Expected a Redis that servers with another store do not use. Set MONGODB_URI to the same database on all"
                                    + " of them, or give this one a REDIS_URL of its own (?prefix=other: does)."));
            stores.leases().ifPresent(leases -> life.opened("claim of the shared MongoDB", shared(leases, timers)));
        } else if (name.isPresent() && stores.leases().isPresent()) {
            life.opened(
                    "claim of MongoDB",
                    StoreClaim.of(
                            StoreClaim.SERVER,
                            name.get(),
                            stores.leases().get(),
                            timers,
                            "Expected a MongoDB that no other server uses, since this one has no Redis to share with it. Set the same"
                                    + " REDIS_URL on all of them, or another database in MONGODB_URI. (After a crash of a server"
                                    + " with another data folder, wait for half a minute.)"));
        }
    }

    /** So that nobody copies what is used, and no server without Redis uses it too. */
    private static StoreClaim shared(Leases leases, Timers timers) {
        return StoreClaim.shared(
                StoreClaim.SERVER,
                new NodeId("servers-with-redis"),
                leases,
                timers,
                "Expected a MongoDB that no server without Redis uses, and that is not being copied. Set the same REDIS_URL on all"
                        + " servers. (After a crash, wait for half a minute.)");
    }

    private static <T> T missingPart(String module, Supplier<T> opened) {
        try {
            return opened.get();
        } catch (NoClassDefFoundError missing) {
            throw new StartException(
                    StartException.Reason.MISSING_PART,
                    "Expected " + module + " and its driver on the class path, found " + missing.getMessage() + " missing.",
                    missing);
        }
    }

    private static ClamdScanner clamd(InetSocketAddress where, Timers timers) {
        return new ClamdScanner(ClamdSettings.at(where.getHostString(), where.getPort()), timers);
    }

    private ModelSource models(InstantSource clock) {
        if (own.models.isPresent()) {
            Replacements.Models given = own.models.get();
            return new ModelSource(given.streamer(), given.catalog(), () -> ModelSource.Standing.UP);
        }
        return switch (settings.model().place()) {
            case Settings.ModelServer.Place.Nowhere nowhere -> AbsentModel.source();
            case Settings.ModelServer.Place.At at -> ollama(at.address(), clock, false);
            case Settings.ModelServer.Place.Usual usual -> ollama(OllamaSettings.DEFAULT_SERVER, clock, true);
        };
    }

    private ModelSource ollama(String address, InstantSource clock, boolean demoWhileAway) {
        OllamaSettings where = OllamaSettings.of(address)
                .withTimeouts(settings.model().firstToken(), settings.model().interToken())
                .gathering(settings.engine().coalesce());
        OllamaAdapter ollama = life.opened("Ollama client", OllamaAdapter.open(where, clock));
        if (!demoWhileAway) {
            return new ModelSource(
                    ollama,
                    ollama,
                    () -> ollama.reachable() ? ModelSource.Standing.UP : ModelSource.Standing.DOWN);
        }
        DemoModel demo = DemoModel.pausing(DemoModel.PLEASANT);
        return DemoUntilReachable.source(
                new DemoUntilReachable.Models(ollama, ollama),
                ollama::reachable,
                address,
                new DemoUntilReachable.Models(demo, demo));
    }

    private static Health.Part model(ModelSource models) {
        ModelSource.Standing standing = models.standing().get();
        String says = switch (standing) {
            case UP -> "answers";
            case DOWN -> "nothing answers at OLLAMA_SERVER";
            case DEMO -> "demo: nothing answers at " + OllamaSettings.DEFAULT_SERVER;
            case ABSENT -> "OLLAMA_SERVER is set but empty";
        };
        boolean up = standing == ModelSource.Standing.UP || standing == ModelSource.Standing.DEMO;
        return new Health.Part("model", up, false, says);
    }

    private static Health.Part scanner(ClamdScanner clamd) {
        boolean up = clamd.reachable();
        return new Health.Part("clamd", up, false, up ? "answers" : "nothing answers at CLAMD_ADDRESS: uploads are refused");
    }
}
