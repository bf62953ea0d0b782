package dev.parley.adapter.websocket;

import dev.parley.application.ChatEngine;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.admission.HostPolicy;
import dev.parley.protocols.admission.OriginPolicy;
import dev.parley.protocols.admission.TrustedProxies;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.protocols.connection.Connections;
import dev.parley.protocols.http.HttpEndpoint;
import dev.parley.protocols.socketio.EngineSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.glassfish.grizzly.filterchain.TransportFilter;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.nio.transport.TCPNIOTransportBuilder;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;

/**
 * The network server: every WebSocket protocol and plain HTTP on one port. Safe for use by many threads.
 *
 * <p>Whoever starts it closes it; closing twice is harmless.
 */
public final class WebSocketHost implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(WebSocketHost.class.getName());
    private static final int MAX_HEAD = 32 << 10;
    private static final int MAX_HEADERS = 100;
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final HttpServer server;
    private final NetworkListener listener;
    private final HostResources resources;
    private final WebSocketEngine engine;
    private final Connections connections;
    private final ConnectionSlots slots;
    private final List<EngineSessions> engines;
    private volatile boolean accepting = true;

    private WebSocketHost(Builder builder) {
        resources = new HostResources(builder.settings);
        slots = builder.slots;
        connections = new Connections(
                builder.engine,
                Builder.needed(builder.verifier, "authentication"),
                resources.executor(),
                builder.connectionSettings,
                clock(builder),
                builder.telemetry);
        engine = new WebSocketEngine(builder.settings, resources.deflate());
        Admission admission = new Admission(
                Builder.needed(builder.authenticator, "authentication"),
                builder.origins,
                slots,
                builder.settings.retryAfter());
        BooleanSupplier open = () -> accepting && builder.engine.accepting();
        engines = builder.engines.stream()
                .map(mount -> new EngineSessions(mount, connections, admission, resources, clock(builder)))
                .toList();
        Optional<TlsFilter> tls = builder.pair.map(pair -> new TlsFilter(pair::engine, resources));
        builder.pair.ifPresent(pair -> watch(pair, clock(builder)));
        Callers callers = new Callers(builder.names, builder.proxies, tls.isPresent());
        SocketFilter sockets = new SocketFilter();
        UpgradeFilter upgrades = new UpgradeFilter(
                callers,
                new Router(builder.mounts),
                engines,
                admission,
                connections,
                engine,
                resources,
                builder.telemetry,
                tls,
                sockets,
                open);
        Map<String, HttpEndpoint> endpoints = new HashMap<>(builder.endpoints);
        engines.forEach(sessions -> endpoints.put(sessions.path(), new EnginePolling(sessions, admission, open)));
        listener = listener(builder.settings, upgrades, sockets, tls);
        server = new HttpServer();
        server.addListener(listener);
        server.getServerConfiguration().setHttpServerName("Parley");
        server.getServerConfiguration().setHttpServerVersion("");
        server.getServerConfiguration()
                .addHttpHandler(new HttpBridge(endpoints, callers, resources), "/");
    }

    private static InstantSource clock(Builder builder) {
        return Builder.needed(builder.clock, "a clock");
    }

    private void watch(TlsPair pair, InstantSource clock) {
        if (!pair.end().isAfter(clock.instant())) {
            LOG.log(System.Logger.Level.WARNING, "The certificate ended at " + pair.end());
        }
        resources.watch(pair, clock);
    }

    private static NetworkListener listener(
            HostSettings settings, UpgradeFilter upgrades, SocketFilter sockets, Optional<TlsFilter> tls) {
        TCPNIOTransport transport = TCPNIOTransportBuilder.newInstance().build();
        transport.setName("parley");
        transport.setIOStrategy(SameThreadIOStrategy.getInstance());
        transport.setSelectorRunnersCount(settings.selectors());
        transport.setKernelThreadPoolConfig(ThreadPoolConfig.defaultConfig()
                .setPoolName("parley-selector")
                .setDaemon(true)
                .setCorePoolSize(settings.selectors())
                .setMaxPoolSize(settings.selectors()));
        transport.setTcpNoDelay(true);
        // So much of an answer may wait for its client before whoever writes it has to.
        transport.getAsyncQueueIO().getWriter().setMaxPendingBytesPerConnection(2 * settings.sendBuffer());
        transport.setServerConnectionBackLog(4096);
        NetworkListener listener = new NetworkListener("parley", settings.host(), settings.port());
        listener.setTransport(transport);
        // A file that was served once would be served to a socket's handshake too.
        listener.getFileCache().setEnabled(false);
        listener.getKeepAlive().setIdleTimeoutInSeconds((int) settings.idleRequests().toSeconds());
        listener.getKeepAlive().setMaxRequestsCount(-1);
        listener.registerAddOn((same, chain) -> {
            int codec = chain.indexOfType(org.glassfish.grizzly.http.HttpServerFilter.class);
            chain.set(codec, new HttpCodec(MAX_HEAD, same.getKeepAlive(), MAX_HEADERS));
            chain.add(chain.indexOfType(org.glassfish.grizzly.http.server.HttpServerFilter.class), upgrades);
            chain.add(chain.indexOfType(TransportFilter.class) + 1, sockets);
            tls.ifPresent(filter -> chain.add(chain.indexOfType(TransportFilter.class) + 1, filter));
        });
        return listener;
    }

    public static Builder builder(ChatEngine engine) {
        return new Builder(engine);
    }

    private WebSocketHost start() {
        try {
            server.start();
        } catch (IOException taken) {
            close();
            throw new UncheckedIOException(
                    "Expected to listen at " + listener.getHost() + ":" + listener.getPort(), taken);
        }
        resources.often(connections::tick);
        return this;
    }

    /** The port it listens at. */
    public int port() {
        return listener.getPort();
    }

    /** How many sockets are open. */
    public int count() {
        return connections.count();
    }

    /** The connections, for other transports of this process that are to be kept and ended with the sockets. */
    public Connections connections() {
        return connections;
    }

    /** The places that connections take, for other transports. */
    public ConnectionSlots slots() {
        return slots;
    }

    /**
     * Takes no new connections, of whatever kind: they are told to come back later. What is open stays, and plain HTTP is answered
     * on.
     */
    public void stopAccepting() {
        accepting = false;
        slots.giveNoMore();
    }

    /** Closes what is open, tells it to come back elsewhere, and ends; bounded in time. */
    @Override
    public void close() {
        stopAccepting();
        connections.closeAll(Closing.because(Closing.Reason.DRAIN));
        long deadline = System.nanoTime() + CLOSING.toNanos();
        while ((slots.taken() > 0 || engines.stream().anyMatch(sessions -> sessions.unanswered().get() > 0))
                && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        server.shutdownNow();
        resources.close();
    }

    /** What a host is made of. Used by one thread. */
    public static final class Builder {
        private final ChatEngine engine;
        private final List<Router.Mount> mounts = new ArrayList<>();
        private final Map<String, HttpEndpoint> endpoints = new HashMap<>();
        private final List<EngineMount> engines = new ArrayList<>();
        private HostSettings settings = HostSettings.STANDARD;
        private ConnectionSettings connectionSettings = ConnectionSettings.STANDARD;
        private Optional<TokenVerifier> verifier = Optional.empty();
        private Optional<Authenticator> authenticator = Optional.empty();
        private Optional<InstantSource> clock = Optional.empty();
        private OriginPolicy origins = new OriginPolicy(List.of());
        private HostPolicy names = HostPolicy.any();
        private TrustedProxies proxies = TrustedProxies.none();
        private Optional<TlsPair> pair = Optional.empty();
        private ConnectionSlots slots = new ConnectionSlots(1000, 20);
        private Telemetry telemetry = Telemetry.SILENT;

        private Builder(ChatEngine engine) {
            this.engine = engine;
        }

        public Builder settings(HostSettings value) {
            settings = value;
            return this;
        }

        public Builder connections(ConnectionSettings value) {
            connectionSettings = value;
            return this;
        }

        /**
         * Who may come in; needed.
         *
         * @param verifierOfRefreshes verifies the newer tokens that open connections bring
         */
        public Builder authentication(Authenticator value, TokenVerifier verifierOfRefreshes) {
            authenticator = Optional.of(value);
            verifier = Optional.of(verifierOfRefreshes);
            return this;
        }

        public Builder origins(OriginPolicy value) {
            origins = value;
            return this;
        }

        /** Which names the server answers to; any unless said. */
        public Builder names(HostPolicy value) {
            names = value;
            return this;
        }

        /** Whose word counts about where requests come from; nobody's unless said. */
        public Builder proxies(TrustedProxies value) {
            proxies = value;
            return this;
        }

        /**
         * Speaks TLS and nothing else, as whom the files say; when they change, new connections are spoken to as their new content says.
         * A pair that cannot be used then is logged, and the one before stays.
         *
         * @param certificate the chain (PEM), the server's own certificate first
         * @param key its key (PEM)
         * @throws IllegalArgumentException when the pair cannot be used, saying why
         */
        public Builder tls(Path certificate, Path key) {
            pair = Optional.of(TlsPair.of(certificate, key));
            return this;
        }

        public Builder slots(ConnectionSlots value) {
            slots = value;
            return this;
        }

        /** What time it is; needed. */
        public Builder clock(InstantSource value) {
            clock = Optional.of(value);
            return this;
        }

        public Builder telemetry(Telemetry value) {
            telemetry = value;
            return this;
        }

        /**
         * Speaks {@code protocol} at an address such as {@code /ws/{session_id}}; of several that fit the one with more fixed parts
         * is taken.
         */
        public Builder mount(String template, Protocol protocol) {
            mounts.add(new Router.Mount(new PathTemplate(template), protocol, false));
            return this;
        }

        /** As {@link #mount}, for a protocol whose connections may be silent as long as they answer heartbeats. */
        public Builder mountPatient(String template, Protocol protocol) {
            mounts.add(new Router.Mount(new PathTemplate(template), protocol, true));
            return this;
        }

        /**
         * Speaks {@code protocol} over Engine.IO, for clients that say who they are later, if at all: over polls and WebSockets at
         * the path of {@code settings}.
         */
        public Builder mountEngine(EngineSettings settings, Protocol protocol) {
            engines.add(new EngineMount(settings, protocol));
            return this;
        }

        /**
         * Answers plain requests at and below a path.
         *
         * @param path such as {@code /api}, or {@code /} for everything else
         */
        public Builder http(String path, HttpEndpoint endpoint) {
            endpoints.put(path, endpoint);
            return this;
        }

        /**
         * Binds and listens.
         *
         * @throws UncheckedIOException when the address cannot be bound
         * @throws IllegalStateException when something is missing that is needed
         */
        public WebSocketHost start() {
            return new WebSocketHost(this).start();
        }

        private static <T> T needed(Optional<T> value, String name) {
            return value.orElseThrow(() -> new IllegalStateException("Expected " + name + ", found none"));
        }
    }
}
