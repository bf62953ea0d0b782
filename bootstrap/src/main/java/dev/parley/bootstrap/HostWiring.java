package dev.parley.bootstrap;

import dev.parley.adapter.rest.HealthReport;
import dev.parley.adapter.rest.RestApi;
import dev.parley.adapter.rest.RestSettings;
import dev.parley.adapter.rest.ShownSetting;
import dev.parley.adapter.websocket.HostSettings;
import dev.parley.adapter.websocket.WebSocketHost;
import dev.parley.application.ChatEngine;
import dev.parley.application.Ports;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.bootstrap.settings.SettingsTable.AuthMode;
import dev.parley.bootstrap.settings.Shown;
import dev.parley.domain.IdSource;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.domain.session.Visibility;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.admission.HostPolicy;
import dev.parley.protocols.admission.OriginPolicy;
import dev.parley.protocols.admission.TrustedProxies;
import dev.parley.protocols.chat.ChatProtocol;
import dev.parley.protocols.chat.ChatSettings;
import dev.parley.protocols.gateway.ChatGateway;
import dev.parley.protocols.gateway.GatewaySettings;
import dev.parley.protocols.http.HttpExchange;
import dev.parley.protocols.json.Texts;
import dev.parley.protocols.rooms.RoomsProtocol;
import dev.parley.protocols.rooms.RoomsSettings;
import dev.parley.protocols.socketio.EngineSettings;
import dev.parley.protocols.socketio.SocketIoProtocol;
import dev.parley.protocols.socketio.SocketIoSettings;
import dev.parley.protocols.ticket.TicketProtocol;
import dev.parley.protocols.ticket.TicketSettings;
import dev.parley.protocols.topics.InvestigationsProtocol;
import dev.parley.protocols.topics.TopicsProtocol;
import dev.parley.protocols.topics.TopicsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * The network side: the only place that needs the host's and the REST interface's libraries. The REST interface takes as long to
 * put together as all else, so it begins first, beside it; requests wait until both are there.
 */
final class HostWiring {

    private static final System.Logger LOG = System.getLogger(HostWiring.class.getName());

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Settings settings;
    private final Lifecycle life;
    private final Texts texts = Texts.load();
    private final Visibility visibility;
    private final OriginPolicy origins;
    private final ChatProtocol chat;
    private final Beside<RestApi> rest;
    private final CompletableFuture<Behind> behind = new CompletableFuture<>();

    /** What requests are answered with. */
    private record Behind(
            RestApi rest,
            ChatEngine engine,
            Authenticator authenticator,
            Tokens tokens,
            HealthChecks health,
            WebSocketHost host) {}

    private HostWiring(Settings settings, IdSource ids, InstantSource clock, Metrics metrics, Lifecycle life) {
        this.settings = settings;
        this.life = life;
        this.visibility = settings.visibility().orElse(Visibility.PRIVATE);
        this.origins = new OriginPolicy(settings.network().origins().orElse(List.of()));
        this.chat = new ChatProtocol(
                ids,
                new ChatSettings(
                        visibility,
                        settings.engine().maxMessageLength(),
                        settings.connections().heartbeat(),
                        settings.idleAfter()),
                texts);
        this.rest = life.opened("REST interface", Beside.opening("REST interface", () -> rest(clock, metrics)));
    }

    /** Begins with what needs nothing that is opened later. */
    static HostWiring begin(Settings settings, IdSource ids, InstantSource clock, Metrics metrics, Lifecycle life) {
        return withParts(() -> new HostWiring(settings, ids, clock, metrics, life));
    }

    /** Listens, once everything behind is there. */
    RunningHost start(ChatEngine engine, Ports ports, Tokens tokens, HealthChecks health) {
        return withParts(() -> {
            try {
                return started(engine, ports, tokens, health);
            } finally {
                // Who came already and waits in vain is not to wait longer.
                behind.completeExceptionally(new IllegalStateException("Expected a server, found one that did not start"));
            }
        });
    }

    private static <T> T withParts(Supplier<T> opened) {
        try {
            return opened.get();
        } catch (NoClassDefFoundError missing) {
            throw new StartException(
                    StartException.Reason.MISSING_PART,
                    "Expected adapter-websocket-tyrus and adapter-rest-jersey on the class path, found " + missing.getMessage()
                            + " missing. Add them, or build the server without a host.",
                    missing);
        }
    }

    private RestApi rest(InstantSource clock, Metrics metrics) {
        Supplier<WebSocketHost> host = () -> behind.join().host();
        return RestApi.builder(() -> behind.join().engine(), () -> behind.join().authenticator(), clock)
                .settings(new RestSettings(
                        settings.network().maxFrame(),
                        settings.engine().uploads().maxFile(),
                        visibility,
                        settings.idleAfter(),
                        RestSettings.STANDARD.longestPoll(),
                        RETRY_AFTER,
                        Duration.ofMillis(settings.connections().heartbeat().toMillis() / 2)))
                .origins(origins)
                .issuer(() -> behind.join().tokens().issuer())
                .texts(texts)
                .health(() -> report(behind.join().health().now()))
                .metrics(metrics::scrape)
                .traffic(() -> host.get().connections().traffic())
                .shownSettings(settings.shown().stream().map(HostWiring::shown).toList())
                .live(chat, () -> host.get().connections(), () -> host.get().slots())
                .build();
    }

    private RunningHost started(ChatEngine engine, Ports ports, Tokens tokens, HealthChecks health) {
        Settings.Network network = settings.network();
        Authenticator authenticator = new Authenticator(
                tokens.verifier(),
                ports.revocations(),
                settings.identity().mode() == AuthMode.OPTIONAL ? Authenticator.Mode.OPTIONAL : Authenticator.Mode.REQUIRED,
                ports.clock());
        RoomsProtocol rooms = new RoomsProtocol(
                ports.ids(),
                new RoomsSettings(
                        visibility,
                        settings.engine().maxMessageLength(),
                        settings.connections().heartbeat(),
                        settings.prices()),
                texts);
        WebSocketHost host = life.opened("host", listen(WebSocketHost.builder(engine)
                .settings(hostSettings(network))
                .connections(settings.connections())
                .authentication(authenticator, tokens.verifier())
                .origins(origins)
                .names(network.loopback()
                        ? HostPolicy.local(network.host(), network.origins().orElse(List.of()))
                        : HostPolicy.any())
                .proxies(TrustedProxies.of(network.proxies()))
                .slots(slots(settings, ports))
                .clock(ports.clock())
                .telemetry(ports.telemetry())
                .mount("/ws", chat)
                .mount("/ws/{session_id}", chat)
                .mount("/api/websocket/chat/{ticketId}", tickets(settings, texts))
                .mount("/api/v1/ws/ws", rooms)
                .mount("/ws/chat/{session_id}", topics(settings, texts))
                .mountPatient("/ws/investigations/{investigation_id}", new InvestigationsProtocol(texts))
                .mountEngine(engineSettings(settings), gateway(settings, texts))
                .http("/", this::answer), network));
        Listening listening = new Listening(host);
        health.add(() -> network(listening));
        behind.complete(new Behind(rest.opened(), engine, authenticator, tokens, health, host));
        return listening;
    }

    /** Waits until there is something to answer with: the port is open a little sooner. */
    private void answer(HttpExchange exchange) throws IOException {
        Behind there;
        try {
            there = behind.join();
        } catch (CompletionException notStarted) {
            LOG.log(System.Logger.Level.DEBUG, "A request came to a server that did not start", notStarted);
            exchange.respond(503, Map.of(), 0).close();
            return;
        }
        there.rest().answer(exchange);
    }

    private static Health.Part network(RunningHost host) {
        return new Health.Part("websocket", host.accepting(), true, host.connections() + " connections");
    }

    /** A user's connections to other servers count where they can be known. */
    private static ConnectionSlots slots(Settings settings, Ports ports) {
        Settings.Network network = settings.network();
        ConnectionSlots slots = new ConnectionSlots(network.maxConnections(), network.maxConnectionsPerUser());
        boolean bounded = network.maxConnectionsPerUser() < Integer.MAX_VALUE;
        return settings.storage().shared() && bounded
                ? slots.countingEverywhere(user -> known(ports.connections(), user))
                : slots;
    }

    private static int known(ConnectionRegistry connections, UserId user) {
        try {
            return connections.countOf(user);
        } catch (UnavailableException away) {
            LOG.log(System.Logger.Level.DEBUG, "Only this server's connections of a user are known", away);
            return 0;
        }
    }

    private static TicketProtocol tickets(Settings settings, Texts texts) {
        boolean modelServer = !(settings.model().place() instanceof Settings.ModelServer.Place.Nowhere);
        return new TicketProtocol(new TicketSettings(modelServer), texts);
    }

    private static TopicsProtocol topics(Settings settings, Texts texts) {
        return new TopicsProtocol(
                settings.visibility().map(TopicsSettings::new).orElse(TopicsSettings.DEFAULT), texts);
    }

    private static SocketIoProtocol gateway(Settings settings, Texts texts) {
        GatewaySettings standard = GatewaySettings.DEFAULT;
        ChatGateway gateway = new ChatGateway(
                new GatewaySettings(
                        settings.visibility().orElse(standard.visibility()),
                        settings.engine().maxMessageLength(),
                        standard.recoverable()),
                texts);
        return SocketIoProtocol.builder(SocketIoSettings.STANDARD)
                .namespace(gateway.namespace(), gateway)
                .build();
    }

    /** Clients answer pings in as long as the reference server gives them, and never later than the next would come. */
    private static EngineSettings engineSettings(Settings settings) {
        EngineSettings standard = EngineSettings.STANDARD;
        Duration heartbeat = settings.connections().heartbeat();
        Duration answer = heartbeat.compareTo(standard.pingTimeout()) < 0 ? heartbeat : standard.pingTimeout();
        return standard.withPings(heartbeat, answer).withMaxPayload(settings.network().maxFrame());
    }

    private static HostSettings hostSettings(Settings.Network network) {
        HostSettings standard = HostSettings.STANDARD;
        return new HostSettings(
                network.host(),
                network.port(),
                standard.selectors(),
                network.maxFrame(),
                standard.sendBuffer(),
                network.compression(),
                standard.idleRequests(),
                standard.closeGrace(),
                standard.stall(),
                RETRY_AFTER);
    }

    private static WebSocketHost.Builder secured(Settings.Network network, WebSocketHost.Builder builder) {
        if (network.tls().isEmpty()) {
            return builder;
        }
        Settings.Tls tls = network.tls().get();
        try {
            return builder.tls(tls.certificate(), tls.key());
        } catch (IllegalArgumentException unusable) {
            throw new StartException(
                    StartException.Reason.CERTIFICATE,
                    unusable.getMessage() + ". See TLS_CERT (" + tls.certificate() + ") and TLS_KEY (" + tls.key() + ").",
                    unusable);
        }
    }

    private static WebSocketHost listen(WebSocketHost.Builder builder, Settings.Network network) {
        try {
            return secured(network, builder).start();
        } catch (UncheckedIOException taken) {
            throw new StartException(
                    StartException.Reason.ADDRESS,
                    "Expected to listen at " + network.host() + ":" + network.port() + ", found: "
                            + reason(taken)
                            + ". Stop whoever uses it, or choose another that is free and that this user may use with"
                            + " --port or PORT.",
                    taken);
        }
    }

    private static String reason(UncheckedIOException taken) {
        return Optional.ofNullable(taken.getCause()).map(Throwable::getMessage).orElse("it cannot be used");
    }

    private static ShownSetting shown(Shown setting) {
        return new ShownSetting(setting.name(), setting.value(), setting.source().toString(), setting.standard());
    }

    private static HealthReport report(Health health) {
        return new HealthReport(health.ready(), HealthJson.of(health, Version.here()));
    }

    /** A host that listens. */
    private static final class Listening implements RunningHost {
        private final WebSocketHost host;
        private volatile boolean accepting = true;

        Listening(WebSocketHost host) {
            this.host = host;
        }

        @Override
        public int port() {
            return host.port();
        }

        @Override
        public int connections() {
            return host.slots().taken();
        }

        @Override
        public boolean accepting() {
            return accepting;
        }

        @Override
        public void stopAccepting() {
            accepting = false;
            host.stopAccepting();
        }
    }
}
