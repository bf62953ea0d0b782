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
import dev.parley.protocols.connection.Traffic;
import dev.parley.protocols.gateway.ChatGateway;
import dev.parley.protocols.gateway.GatewaySettings;
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
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The network side: the only place that needs the host's and the REST interface's libraries. */
final class HostWiring {
    private HostWiring() {}

    private static final System.Logger LOG = System.getLogger(HostWiring.class.getName());

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    static RunningHost start(
            Settings settings,
            ChatEngine engine,
            Ports ports,
            Tokens tokens,
            Metrics metrics,
            HealthChecks health,
            Lifecycle life) {
        try {
            return started(settings, engine, ports, tokens, metrics, health, life);
        } catch (NoClassDefFoundError missing) {
            throw new StartException(
                    StartException.Reason.MISSING_PART,
                    "Expected adapter-websocket-tyrus and adapter-rest-jersey on the class path, found " + missing.getMessage()
                            + " missing. Add them, or build the server without a host.",
                    missing);
        }
    }

    private static RunningHost started(
            Settings settings,
            ChatEngine engine,
            Ports ports,
            Tokens tokens,
            Metrics metrics,
            HealthChecks health,
            Lifecycle life) {
        Settings.Network network = settings.network();
        Authenticator authenticator = new Authenticator(
                tokens.verifier(),
                ports.revocations(),
                settings.identity().mode() == AuthMode.OPTIONAL ? Authenticator.Mode.OPTIONAL : Authenticator.Mode.REQUIRED,
                ports.clock());
        OriginPolicy origins = new OriginPolicy(network.origins().orElse(List.of()));
        ConnectionSlots slots = slots(settings, ports);
        Visibility visibility = settings.visibility().orElse(Visibility.PRIVATE);
        Texts texts = Texts.load();
        ChatProtocol chat = new ChatProtocol(
                ports.ids(),
                new ChatSettings(
                        visibility,
                        settings.engine().maxMessageLength(),
                        settings.connections().heartbeat(),
                        settings.idleAfter()),
                texts);
        RoomsProtocol rooms = new RoomsProtocol(
                ports.ids(),
                new RoomsSettings(
                        visibility,
                        settings.engine().maxMessageLength(),
                        settings.connections().heartbeat(),
                        settings.prices()),
                texts);

        AtomicReference<Optional<WebSocketHost>> listening = new AtomicReference<>(Optional.empty());
        RestApi rest = life.opened(
                "REST interface",
                RestApi.builder(engine, authenticator, ports.clock())
                        .settings(new RestSettings(
                                network.maxFrame(),
                                settings.engine().uploads().maxFile(),
                                visibility,
                                settings.idleAfter(),
                                RestSettings.STANDARD.longestPoll(),
                                RETRY_AFTER,
                                settings.connections().heartbeat().dividedBy(2)))
                        .origins(origins)
                        .issuer(tokens.issuer())
                        .texts(texts)
                        .health(() -> report(health.now()))
                        .metrics(metrics::scrape)
                        .traffic(() -> listening.get().map(host -> host.connections().traffic()).orElse(Traffic.Totals.NONE))
                        .shownSettings(settings.shown().stream().map(HostWiring::shown).toList())
                        .live(chat, () -> listening.get().orElseThrow().connections(), slots)
                        .build());
        WebSocketHost host = life.opened("host", listen(WebSocketHost.builder(engine)
                .settings(hostSettings(network))
                .connections(settings.connections())
                .authentication(authenticator, tokens.verifier())
                .origins(origins)
                .names(network.loopback()
                        ? HostPolicy.local(network.host(), network.origins().orElse(List.of()))
                        : HostPolicy.any())
                .proxies(TrustedProxies.of(network.proxies()))
                .slots(slots)
                .clock(ports.clock())
                .telemetry(ports.telemetry())
                .mount("/ws", chat)
                .mount("/ws/{session_id}", chat)
                .mount("/api/websocket/chat/{ticketId}", tickets(settings, texts))
                .mount("/api/v1/ws/ws", rooms)
                .mount("/ws/chat/{session_id}", topics(settings, texts))
                .mountPatient("/ws/investigations/{investigation_id}", new InvestigationsProtocol(texts))
                .mountEngine(engineSettings(settings), gateway(settings, texts))
                .http("/", rest), network));
        listening.set(Optional.of(host));
        return new Listening(host);
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
                            + reason(taken) + ". Stop whoever uses it, or choose another with --port or PORT.",
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
