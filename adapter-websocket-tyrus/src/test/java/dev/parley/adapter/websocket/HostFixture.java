package dev.parley.adapter.websocket;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.testkit.wire.RawClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A host with an echo behind it. A token is the user's name; some words have a meaning. */
final class HostFixture implements AutoCloseable {

    final EchoEngine engine = new EchoEngine();
    final List<TelemetryEvent> telemetry = new CopyOnWriteArrayList<>();
    final WebSocketHost host;

    HostFixture(
            Authenticator.Mode mode,
            HostSettings settings,
            ConnectionSettings connections,
            ConnectionSlots slots,
            UnaryOperator<WebSocketHost.Builder> more) {
        TokenVerifier verifier = token -> switch (token) {
            case "bad" -> new Verification.Refused(false, "not genuine");
            case "old" -> new Verification.Refused(true, "too old");
            case "away" -> throw new UnavailableException("No keys");
            default -> new Verification.Verified(Principal.trusted(new UserId(token)));
        };
        EchoProtocol echo = new EchoProtocol();
        host = more.apply(WebSocketHost.builder(engine)
                .settings(settings.at("127.0.0.1", 0))
                .connections(connections)
                .slots(slots)
                .telemetry(telemetry::add)
                .clock(InstantSource.system())
                .authentication(
                        new Authenticator(verifier, new Revoked(), mode, InstantSource.system()), verifier)
                .mount("/ws", echo)
                .mount("/ws/{session_id}", echo))
                .start();
    }

    HostFixture() {
        this(HostSettings.STANDARD, ConnectionSettings.STANDARD);
    }

    HostFixture(HostSettings settings, ConnectionSettings connections) {
        this(Authenticator.Mode.REQUIRED, settings, connections, new ConnectionSlots(1000, 1000), same -> same);
    }

    int port() {
        return host.port();
    }

    RawClient open() throws java.io.IOException {
        return RawClient.open(port(), "/ws/s1?token=ann");
    }

    static void eventually(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Expected a condition within 60 s");
            }
            Thread.onSpinWait();
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    @Override
    public void close() {
        host.close();
    }

    private static final class Revoked implements dev.parley.domain.access.Revocations {
        @Override
        public void revokeToken(String tokenId, Instant at) {}

        @Override
        public void revokeUser(UserId user, Instant until) {}

        @Override
        public boolean revoked(Principal principal) {
            return principal.user().value().equals("revoked");
        }

        @Override
        public java.util.List<Token> tokens(java.util.Optional<String> after, int limit) {
            return java.util.List.of();
        }

        @Override
        public java.util.List<User> users(java.util.Optional<dev.parley.domain.access.UserId> after, int limit) {
            return java.util.List.of();
        }
    }
}
