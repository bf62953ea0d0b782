package dev.parley.adapter.redis;

import dev.parley.adapter.redis.RedisSettings.Login;
import dev.parley.adapter.redis.RedisSettings.Server;
import dev.parley.adapter.redis.RedisSettings.Topology;
import dev.parley.domain.error.UnavailableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.Pool;

/** The servers that the settings name: a client with its pool of connections, and connections of one's own. */
final class Dialling implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Dialling.class.getName());

    private static final String STORE_TYPE = "PKCS12";

    /** Protects nothing: what is trusted is no secret, and the store never leaves the memory. */
    private static final String STORE_PASSWORD = "trusted";

    private static final Duration CLUSTER_REFRESH = Duration.ofSeconds(15);

    private final RedisSettings settings;
    private final Optional<SslOptions> tls;
    private final UnifiedJedis client;

    private Dialling(RedisSettings settings) {
        this.settings = settings;
        this.tls = settings.encrypted() ? Optional.of(checking(settings.trusted())) : Optional.empty();
        this.client = connected();
    }

    /** @throws UnavailableException when the sentinels or the cluster cannot be asked */
    static Dialling open(RedisSettings settings) {
        try {
            return new Dialling(settings);
        } catch (JedisException away) {
            throw new UnavailableException("Expected Redis at " + settings.place() + ": " + away.getMessage(), away);
        }
    }

    private UnifiedJedis connected() {
        return switch (settings.topology()) {
            case Topology.Single(Server server) -> RedisClient.builder()
                    .hostAndPort(address(server))
                    .clientConfig(config(settings.login(), settings.database(), 0))
                    .poolConfig(pool())
                    .build();
            case Topology.Sentinel sentinel -> RedisSentinelClient.builder()
                    .masterName(sentinel.primary())
                    .sentinels(addresses(sentinel.sentinels()))
                    .sentinelClientConfig(config(sentinel.login(), 0, 0))
                    .clientConfig(config(settings.login(), settings.database(), 0))
                    .poolConfig(pool())
                    .build();
            case Topology.Cluster(List<Server> seeds) -> RedisClusterClient.builder()
                    .nodes(addresses(seeds))
                    .clientConfig(config(settings.login(), 0, 0))
                    .maxAttempts(3)
                    .maxTotalRetriesDuration(settings.callTimeout())
                    .topologyRefreshPeriod(CLUSTER_REFRESH)
                    .poolConfig(pool())
                    .build();
        };
    }

    /** What calls go through. */
    UnifiedJedis client() {
        return client;
    }

    /** Whether the keys of a call decide which server it goes to. */
    boolean sharded() {
        return settings.topology() instanceof Topology.Cluster;
    }

    /**
     * A connection of one's own, to the primary, or to any server of a cluster.
     *
     * @param silence after how long without a word a read that waits for messages fails
     */
    Connection dial(Duration silence) {
        int millis = Math.toIntExact(silence.toMillis());
        JedisClientConfig config = config(settings.login(), settings.database(), millis);
        return switch (client) {
            case RedisSentinelClient sentinel -> new Connection(sentinel.getCurrentMaster(), config);
            case RedisClusterClient cluster -> anyOf(cluster.getClusterNodes().keySet(), config);
            default -> new Connection(single(), config);
        };
    }

    /** Whether {@code connection} goes where {@link #dial} would go now. */
    boolean current(Connection connection) {
        return !(client instanceof RedisSentinelClient sentinel)
                || sentinel.getCurrentMaster().equals(connection.getHostAndPort());
    }

    /** Drops the connections that nobody uses just now: after a restart all of them are dead. */
    void dropIdle() {
        Collection<? extends Pool<Connection>> pools = switch (client) {
            case RedisClient single -> List.of(single.getPool());
            case RedisSentinelClient sentinel -> sentinel.getPrimaryNodesConnectionMap().values();
            case RedisClusterClient cluster -> cluster.getClusterNodes().values();
            default -> List.of();
        };
        pools.forEach(Pool::clear);
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (JedisException left) {
            LOG.log(System.Logger.Level.DEBUG, "Redis was let go", left);
        }
    }

    private HostAndPort single() {
        if (settings.topology() instanceof Topology.Single(Server server)) {
            return address(server);
        }
        throw new IllegalStateException("Expected one server, found " + settings.place());
    }

    private static Connection anyOf(Collection<String> nodes, JedisClientConfig config) {
        List<JedisException> refusals = new ArrayList<>();
        for (String node : nodes) {
            try {
                return new Connection(HostAndPort.from(node), config);
            } catch (JedisException refused) {
                refusals.add(refused);
            }
        }
        if (refusals.isEmpty()) {
            throw new JedisException("Expected a server of the cluster that is known");
        }
        throw refusals.getLast();
    }

    private ConnectionPoolConfig pool() {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(settings.connections());
        pool.setMaxIdle(settings.connections());
        pool.setMaxWait(settings.callTimeout());
        pool.setJmxEnabled(false);
        return pool;
    }

    private JedisClientConfig config(Optional<Login> login, int database, int silenceMillis) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .resp2()
                .connectionTimeoutMillis(Math.toIntExact(settings.connectTimeout().toMillis()))
                .socketTimeoutMillis(Math.toIntExact(settings.callTimeout().toMillis()))
                .blockingSocketTimeoutMillis(silenceMillis)
                .clientName("parley")
                .database(database);
        login.flatMap(Login::user).ifPresent(config::user);
        login.map(Login::password).ifPresent(config::password);
        tls.ifPresent(config::sslOptions);
        return config.build();
    }

    /** The servers' names are checked, and their certificates against ours or against those of the JVM. */
    private static SslOptions checking(Optional<Path> trusted) {
        SslOptions.Builder options = SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL);
        trusted.map(Dialling::trustStore)
                .ifPresent(store -> options.trustStoreType(STORE_TYPE)
                        .truststore(() -> new ByteArrayInputStream(store), STORE_PASSWORD.toCharArray()));
        return options.build();
    }

    private static byte[] trustStore(Path certificates) {
        try (InputStream in = Files.newInputStream(certificates)) {
            KeyStore trusted = KeyStore.getInstance(STORE_TYPE);
            trusted.load(null, null);
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("trusted-" + trusted.size(), each);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            trusted.store(out, STORE_PASSWORD.toCharArray());
            return out.toByteArray();
        } catch (IOException | GeneralSecurityException unusable) {
            throw new IllegalArgumentException("Expected certificates in PEM in " + certificates, unusable);
        }
    }

    private static Set<HostAndPort> addresses(List<Server> servers) {
        return servers.stream().map(Dialling::address).collect(Collectors.toSet());
    }

    private static HostAndPort address(Server server) {
        return new HostAndPort(server.host(), server.port());
    }
}
