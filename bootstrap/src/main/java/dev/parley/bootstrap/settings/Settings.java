package dev.parley.bootstrap.settings;

import dev.parley.application.EngineSettings;
import dev.parley.bootstrap.settings.SettingsTable.AuthMode;
import dev.parley.bootstrap.settings.SettingsTable.LogFormat;
import dev.parley.domain.llm.Agent;
import dev.parley.domain.project.Project;
import dev.parley.domain.session.Visibility;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.protocols.rooms.Prices;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is set, as records. Immutable.
 *
 * @param dataFolder the folder of the database and the signing secret
 * @param visibility what sessions become that are made by entering them, whatever their protocol says
 * @param idleAfter after how long without activity a session counts as idle
 * @param words what counts as profane, and after {@code -} what does not
 * @param shown every setting with its value and where that comes from
 */
public record Settings(
        Network network,
        Path dataFolder,
        Storage storage,
        Identity identity,
        ModelServer model,
        EngineSettings engine,
        ConnectionSettings connections,
        Optional<Visibility> visibility,
        Duration idleAfter,
        Operation operation,
        Uploads uploads,
        List<Agent> agents,
        List<Project> projects,
        Prices prices,
        List<String> words,
        List<Shown> shown) {

    public Settings {
        agents = List.copyOf(agents);
        projects = List.copyOf(projects);
        words = List.copyOf(words);
        shown = List.copyOf(shown);
    }

    /**
     * Where the server listens and whom it takes.
     *
     * @param origins the origins that may connect beside the server's own and localhost; {@code *} in it for all; empty when
     *     nobody said
     * @param proxies the networks of proxies whose word counts
     * @param tls empty where the server speaks plainly
     * @param maxFrame in bytes
     * @param maxConnections of this node
     */
    public record Network(
            String host,
            int port,
            Optional<List<String>> origins,
            List<String> proxies,
            Optional<Tls> tls,
            int maxFrame,
            boolean compression,
            int maxConnections,
            int maxConnectionsPerUser) {

        public Network {
            proxies = List.copyOf(proxies);
        }

        /** How it is spoken to. */
        public String scheme() {
            return tls.isPresent() ? "https" : "http";
        }

        /** Where this machine reaches it. {@code listening} the port it listens at, which is chosen when {@code port} is 0 */
        public URI address(int listening) {
            String named = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
            return URI.create(scheme() + "://" + (named.contains(":") && !named.startsWith("[") ? "[" + named + "]" : named)
                    + ":" + listening);
        }

        /** Whether only this machine can reach it. */
        public boolean loopback() {
            return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals("[::1]");
        }
    }

    /** Where things are kept that are not kept here; addresses may hold passwords. */
    public record Storage(Optional<String> mongo, Optional<String> redis) {

        /** Whether this server may be one of several. */
        public boolean shared() {
            return mongo.isPresent() && redis.isPresent();
        }

        @Override
        public String toString() {
            return "Storage[" + (mongo.isPresent() ? "mongodb" : "sqlite") + ", " + (redis.isPresent() ? "redis" : "memory")
                    + "]";
        }
    }

    /** The files of the certificate chain and its key. */
    public record Tls(Path certificate, Path key) {}

    /** How tokens are verified; without a secret, a key set or a key, a secret is generated. */
    public record Identity(
            AuthMode mode,
            Optional<String> secret,
            Optional<URI> keySet,
            Optional<Path> publicKey,
            Optional<String> issuer,
            Optional<String> audience) {

        /** Whether a secret is to be made because nothing verifies tokens. */
        public boolean generatesSecret() {
            return secret.isEmpty() && keySet.isEmpty() && publicKey.isEmpty();
        }

        @Override
        public String toString() {
            return "Identity[" + mode + "]";
        }
    }

    /** Where the models are, and how long to wait for them. */
    public record ModelServer(Place place, Duration firstToken, Duration interToken) {

        /** What was said about the place. */
        public sealed interface Place {
            /** Nothing: the usual address, and the demo model while nobody answers there. */
            record Usual() implements Place {}

            /** An address. */
            record At(String address) implements Place {}

            /** That there is none. */
            record Nowhere() implements Place {}
        }
    }

    /** How it is run. */
    public record Operation(
            Duration shutdownGrace, Duration reconnectSpread, LogLevels levels, LogFormat format, boolean debug) {}

    /**
     * Where uploads go, and who looks into them.
     *
     * @param folder of finished ones
     * @param temporary the folder of unfinished ones
     * @param scanner where clamd is that scans each for viruses, if they are scanned
     */
    public record Uploads(Path folder, Path temporary, Optional<InetSocketAddress> scanner) {}

    /** Reads all sources. */
    public static Reading read(SettingsSources sources) {
        return new SettingsReader(sources).read();
    }

    /** What reading came to. */
    public sealed interface Reading {

        record Good(Settings settings) implements Reading {}

        /** {@code faults} everything that is wrong; {@code shown} what was read nevertheless */
        record Faulty(List<Fault> faults, List<Shown> shown) implements Reading {
            public Faulty {
                faults = List.copyOf(faults);
                shown = List.copyOf(shown);
            }
        }

        /** The settings. */
        default Settings orThrow() {
            return switch (this) {
                case Good good -> good.settings();
                case Faulty faulty -> throw new FaultySettingsException(faulty.faults());
            };
        }
    }
}
