package dev.parley.adapter.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where Redis is, who asks, and how long to wait for it.
 *
 * @param topology the servers
 * @param encrypted whether they are spoken to by TLS, which checks their names
 * @param login who asks; empty where nobody is asked for
 * @param database its number, 0 with a cluster
 * @param prefix what all names of keys and channels begin with; nodes that belong together have the same
 * @param trusted certificates in PEM that are trusted instead of the JVM's; only with TLS
 * @param connectTimeout until a connection stands
 * @param callTimeout until a call is answered
 * @param connections how many calls may be under way at once, at most; others wait for their turn as long as a call may take
 */
public record RedisSettings(
        Topology topology,
        boolean encrypted,
        Optional<Login> login,
        int database,
        String prefix,
        Optional<Path> trusted,
        Duration connectTimeout,
        Duration callTimeout,
        int connections) {

    /** What all names begin with unless said otherwise. */
    public static final String DEFAULT_PREFIX = "parley:";

    static final int DEFAULT_PORT = 6379;
    static final int DEFAULT_SENTINEL_PORT = 26379;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(1);
    private static final int CONNECTIONS = 16;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** One server. */
    public record Server(String host, int port) {

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** Who asks. */
    public record Login(Optional<String> user, String password) {

        /** Without the password. */
        @Override
        public String toString() {
            return user.orElse("") + ":***";
        }
    }

    /** How the servers belong together. */
    public sealed interface Topology {

        /** One server. */
        record Single(Server server) implements Topology {}

        /**
         * A primary and its replicas, which sentinels watch.
         *
         * @param primary the name by which the sentinels know it
         * @param login who asks the sentinels
         */
        record Sentinel(List<Server> sentinels, String primary, Optional<Login> login) implements Topology {
            public Sentinel {
                sentinels = List.copyOf(sentinels);
            }
        }

        /** Shards of a cluster. {@code seeds} some of them */
        record Cluster(List<Server> seeds) implements Topology {
            public Cluster {
                seeds = List.copyOf(seeds);
            }
        }
    }

    public RedisSettings {
        for (Duration timeout : List.of(connectTimeout, callTimeout)) {
            if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("Expected a timeout of 1 ms to " + LONGEST + ", found " + timeout);
            }
        }
        if (connections < 1) {
            throw new IllegalArgumentException("Expected at least 1 connection, found " + connections);
        }
        if (database < 0) {
            throw new IllegalArgumentException("Expected a database number from 0, found " + database);
        }
        if (database > 0 && topology instanceof Topology.Cluster) {
            throw new IllegalArgumentException("Expected database 0 of a cluster, found " + database);
        }
        if (prefix.isBlank() || prefix.contains("{") || prefix.contains("}")) {
            throw new IllegalArgumentException("Expected a prefix that is not blank and has no braces");
        }
        if (trusted.isPresent() && !encrypted) {
            throw new IllegalArgumentException("Expected trusted certificates with rediss only");
        }
    }

    /**
     * What an address says:
     *
     * <ul>
     *   <li>{@code redis://[user:password@]host[:port][/database]}, one server
     *   <li>{@code redis+sentinel://[user:password@]host[:port],…/primary[/database]}, the primary that these sentinels know
     *   <li>{@code redis+cluster://[user:password@]host[:port],…}, the cluster to which these belong
     * </ul>
     *
     * <p>With {@code rediss} in place of {@code redis} by TLS. Who has no user has {@code :password@}. Behind a question mark:
     * {@code prefix}, {@code ca} (a file of trusted certificates), {@code sentinel_user} and {@code sentinel_password}.
     * Special characters are written in percent form.
     *
     * @throws IllegalArgumentException when that is no such address; the message never holds a password
     */
    public static RedisSettings of(String address) {
        return RedisAddress.read(address);
    }

    static RedisSettings at(
            Topology topology,
            boolean encrypted,
            Optional<Login> login,
            int database,
            String prefix,
            Optional<Path> trusted) {
        return new RedisSettings(
                topology, encrypted, login, database, prefix, trusted, CONNECT_TIMEOUT, CALL_TIMEOUT, CONNECTIONS);
    }

    public RedisSettings withPrefix(String newPrefix) {
        return new RedisSettings(
                topology, encrypted, login, database, newPrefix, trusted, connectTimeout, callTimeout, connections);
    }

    public RedisSettings withTimeouts(Duration connect, Duration call) {
        return new RedisSettings(topology, encrypted, login, database, prefix, trusted, connect, call, connections);
    }

    public RedisSettings withConnections(int most) {
        return new RedisSettings(
                topology, encrypted, login, database, prefix, trusted, connectTimeout, callTimeout, most);
    }

    /** The servers by name, for people. */
    public String place() {
        return switch (topology) {
            case Topology.Single(Server server) -> server.toString();
            case Topology.Sentinel sentinel -> sentinel.primary() + " by sentinels " + sentinel.sentinels();
            case Topology.Cluster(List<Server> seeds) -> "cluster of " + seeds;
        };
    }
}
