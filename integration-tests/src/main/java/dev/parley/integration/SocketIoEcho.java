package dev.parley.integration;

import dev.parley.adapter.websocket.HostSettings;
import dev.parley.adapter.websocket.WebSocketHost;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.admission.OriginPolicy;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.socketio.EngineSettings;
import dev.parley.protocols.socketio.NamespaceSession;
import dev.parley.protocols.socketio.NamespaceSocket;
import dev.parley.protocols.socketio.Payload;
import dev.parley.protocols.socketio.SocketEvent;
import dev.parley.protocols.socketio.SocketIoProtocol;
import dev.parley.protocols.socketio.SocketIoSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What outside suites for Engine.IO and Socket.IO are run against; takes the port. Below {@code /engine.io/} every message comes
 * back as it is. Below {@code /socket.io/}, in the main namespace and in {@code /custom}, a client is told its own payload as
 * {@code auth}, {@code message} comes back as {@code message-back} and {@code message-with-ack} as its acknowledgement. Below
 * {@code /recovery/} the same is spoken with recovery.
 */
public final class SocketIoEcho implements AutoCloseable {

    private static final int MANY = 10_000;
    private static final EngineSettings ENGINE = EngineSettings.STANDARD
            .withPings(Duration.ofMillis(300), Duration.ofMillis(200))
            .withMaxPayload(1_000_000);
    private static final SocketIoSettings SOCKETS =
            SocketIoSettings.STANDARD.withConnectTimeout(Duration.ofSeconds(1));

    private final WebSocketHost host;

    private SocketIoEcho(WebSocketHost host) {
        this.host = host;
    }

    /** {@code arguments} the port, 0 for any that is free */
    public static void main(String... arguments) throws InterruptedException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("Expected the port");
        }
        try (SocketIoEcho echo = start(Integer.parseInt(arguments[0]), ENGINE, SOCKETS)) {
            System.out.println("Listening at http://127.0.0.1:" + echo.port());
            Thread.currentThread().join();
        }
    }

    /** At any port that is free, with times that machines can keep which are busy. */
    static SocketIoEcho patient(Duration pingInterval, Duration pingTimeout) {
        return start(0, ENGINE.withPings(pingInterval, pingTimeout), SOCKETS.withConnectTimeout(pingTimeout));
    }

    private static SocketIoEcho start(int port, EngineSettings engine, SocketIoSettings sockets) {
        TokenVerifier nobody = token -> new Verification.Refused(false, "Nobody is known here");
        InstantSource clock = InstantSource.system();
        return new SocketIoEcho(WebSocketHost.builder(new NoEngine())
                .settings(HostSettings.STANDARD.at("127.0.0.1", port))
                .authentication(
                        new Authenticator(nobody, new NoRevocations(), Authenticator.Mode.REQUIRED, clock), nobody)
                .origins(new OriginPolicy(List.of("*")))
                .slots(new ConnectionSlots(MANY, MANY, MANY))
                .clock(clock)
                .mountEngine(engine.at("/engine.io"), new RawEcho())
                .mountEngine(engine.at("/socket.io"), echo(sockets))
                .mountEngine(
                        engine.at("/recovery"),
                        echo(sockets.withRecovery(SocketIoSettings.Recovery.STANDARD)))
                .start());
    }

    private static SocketIoProtocol echo(SocketIoSettings settings) {
        return SocketIoProtocol.builder(settings)
                .namespace("/", Echo::new)
                .namespace("/custom", Echo::new)
                .verbatim()
                .build();
    }

    int port() {
        return host.port();
    }

    @Override
    public void close() {
        host.close();
    }

    private record Echo(NamespaceSocket socket) implements NamespaceSession {

        @Override
        public List<Step> connecting(JsonObject auth, Instant now) {
            List<Step> steps = new ArrayList<>(socket.accept());
            steps.addAll(socket.emit("auth", Payload.of(auth)));
            return steps;
        }

        @Override
        public List<Step> received(SocketEvent event, Instant now) {
            return switch (event.name()) {
                case "message" -> socket.emit("message-back", event.arguments());
                case "message-with-ack" -> event.answer(event.arguments());
                case "message-and-ask" -> socket.ask("asked", event.arguments(), answer -> answer
                        .map(given -> socket.emit("answered", given))
                        .orElse(List.of()));
                case "put-me-out" -> socket.leave();
                default -> List.of();
            };
        }
    }

    /** Engine.IO without anything on top. */
    private static final class RawEcho implements Protocol {

        @Override
        public String name() {
            return "echo";
        }

        @Override
        public ProtocolSession open(Handshake handshake) {
            return new ProtocolSession() {
                @Override
                public List<Step> opened(Instant now) {
                    return List.of();
                }

                @Override
                public List<Step> received(Frame frame, Instant now) {
                    return List.of(new Step.Send(new Outgoing.Kept(frame)));
                }

                @Override
                public List<Step> happened(Event event, Instant now) {
                    return List.of();
                }

                @Override
                public List<Step> closing(Closing why, Instant now) {
                    return List.of();
                }

                @Override
                public List<Step> heartbeat(Instant now) {
                    return List.of();
                }

                @Override
                public Frame encode(Event.ReplyGrew grown) {
                    throw new IllegalStateException("Expected no engine that tells something");
                }
            };
        }
    }

    private static final class NoRevocations implements Revocations {
        @Override
        public void revokeToken(String tokenId, Instant at) {}

        @Override
        public void revokeUser(UserId user, Instant until) {}

        @Override
        public boolean revoked(Principal principal) {
            return false;
        }

        @Override
        public List<Token> tokens(Optional<String> after, int limit) {
            return List.of();
        }

        @Override
        public List<User> users(Optional<UserId> after, int limit) {
            return List.of();
        }
    }
}
