package dev.parley.bootstrap;

import dev.parley.adapter.clamav.ClamdScanner;
import dev.parley.adapter.clamav.ClamdSettings;
import dev.parley.adapter.embedded.demo.DemoModel;
import dev.parley.adapter.embedded.files.FileBlobStore;
import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.embedded.sqlite.DataFolder;
import dev.parley.adapter.embedded.sqlite.SqliteDatabase;
import dev.parley.adapter.embedded.sqlite.SqliteSettings;
import dev.parley.adapter.embedded.system.SettingsProjects;
import dev.parley.adapter.embedded.system.SystemTimers;
import dev.parley.adapter.embedded.system.TimeOrderedIds;
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
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.llm.Agent;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.time.Timers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts a server together by hand: read {@link #wire} from top to bottom. Used once, by one thread. */
final class Wiring {

    private static final System.Logger LOG = System.getLogger(Wiring.class.getName());

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
        Timers timers = own.timers.orElseGet(() -> life.opened("timers", SystemTimers.start()));

        Optional<SqliteDatabase> database = own.durable.isPresent() ? Optional.empty() : Optional.of(database(telemetry));
        Replacements.Durable durable = own.durable.orElseGet(() -> ports(database.orElseThrow()));
        LiveMemory live = life.opened("live memory", LiveMemory.create(clock, timers));
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
                own.streams.orElseGet(live::streams),
                own.bus.orElseGet(live::bus),
                own.presence.orElseGet(live::presence),
                own.limiter.orElseGet(live::limiter),
                own.leases.orElseGet(live::leases),
                own.connections.orElseGet(live::connections),
                models.streamer(),
                models.catalog(),
                own.projects.orElseGet(() -> SettingsProjects.of(settings.projects())),
                telemetry,
                ids,
                timers,
                clock);
        Tokens tokens = own.verifier
                .map(Tokens::verifiedBy)
                .orElseGet(() -> Tokens.of(settings, own.durable.isEmpty(), ids, clock, life));
        ChatEngineBuilder builder =
                ChatEngineBuilder.over(ports).settings(settings.engine()).agents(agents);
        if (database.isPresent()) {
            builder.alone();
        }
        ChatEngine engine = life.opened("engine", builder.build());

        HealthChecks health = new HealthChecks(clock, telemetry, engine::accepting);
        database.ifPresent(store -> health.add(() -> store(store)));
        health.add(() -> model(models));
        clamd.ifPresent(scanner -> health.add(() -> scanner(scanner)));
        if (own.limiter.isEmpty()) {
            health.add(() -> new Health.Part("limiter", true, false, "memory"));
        }
        Optional<RunningHost> host = withHost
                ? Optional.of(HostWiring.start(settings, engine, ports, tokens, metrics, health, life))
                : Optional.empty();
        host.ifPresent(running -> health.add(() -> network(running)));
        return new Parley(
                settings, engine, host, tokens, health, database.map(store -> store::backup), life);
    }

    private SqliteDatabase database(Telemetry telemetry) {
        DataFolder folder;
        try {
            PrivateFolder.make(settings.dataFolder());
            folder = life.opened("data folder", DataFolder.lock(settings.dataFolder()));
        } catch (UnavailableException held) {
            throw new StartException(StartException.Reason.DATA_FOLDER, said(held), held);
        } catch (IOException unusable) {
            throw new StartException(
                    StartException.Reason.DATA_FOLDER,
                    "Expected a data folder that can be written, found " + settings.dataFolder() + ": " + unusable
                            + ". Choose another with --data-dir or DATA_DIR.",
                    unusable);
        }
        try {
            return life.opened("database", SqliteDatabase.open(folder, SqliteSettings.DEFAULT, telemetry));
        } catch (CorruptDataException damaged) {
            throw new StartException(StartException.Reason.DATABASE, said(damaged), damaged);
        } catch (UnavailableException unusable) {
            boolean full = said(unusable).contains("SQLITE_FULL");
            throw new StartException(
                    full ? StartException.Reason.NO_SPACE : StartException.Reason.DATA_FOLDER, said(unusable), unusable);
        }
    }

    private Replacements.Durable ports(SqliteDatabase database) {
        return new Replacements.Durable(
                database.sessions(),
                database.messages(),
                database.replies(),
                database.revocations(),
                database.audit(),
                database.topics(),
                database.attachments(),
                blobs());
    }

    private FileBlobStore blobs() {
        Path folder = settings.uploads().folder();
        Path temporary = settings.uploads().temporary();
        try {
            PrivateFolder.make(folder);
            PrivateFolder.make(temporary);
            return FileBlobStore.open(folder, temporary);
        } catch (IOException | UnavailableException unusable) {
            throw new StartException(
                    StartException.Reason.DATA_FOLDER,
                    "Expected folders for uploads that can be written, found " + folder + " and " + temporary + ": "
                            + unusable + ". Choose others with UPLOAD_DIR and TEMP_DIR.",
                    unusable);
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
                .withTimeouts(settings.model().firstToken(), settings.model().interToken());
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

    private static Health.Part store(SqliteDatabase database) {
        Optional<String> fault = database.fault();
        fault.ifPresent(what -> LOG.log(System.Logger.Level.ERROR, what));
        return new Health.Part("store", fault.isEmpty(), true, fault.isEmpty() ? "sqlite" : "sqlite does not answer");
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

    private static Health.Part network(RunningHost host) {
        return new Health.Part("websocket", host.accepting(), true, host.connections() + " connections");
    }

    private static String said(RuntimeException failure) {
        return String.valueOf(failure.getMessage());
    }
}
