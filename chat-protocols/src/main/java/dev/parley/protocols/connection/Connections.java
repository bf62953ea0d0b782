package dev.parley.protocols.connection;

import dev.parley.application.ChatEngine;
import dev.parley.application.Link;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * The live connections of one host, and what they are made with. Safe for use by many threads.
 *
 * <p>The host calls {@link #tick} several times a second, on any one thread.
 */
public final class Connections {

    final ChatEngine engine;
    final TokenVerifier verifier;
    final Executor executor;
    final ConnectionSettings settings;
    final InstantSource clock;
    final Telemetry telemetry;
    final Traffic traffic = new Traffic();
    private final Set<Connection> live = ConcurrentHashMap.newKeySet();

    /** @param executor runs what clients ask for; tasks block where stores do, so threads should be virtual */
    public Connections(
            ChatEngine engine,
            TokenVerifier verifier,
            Executor executor,
            ConnectionSettings settings,
            InstantSource clock,
            Telemetry telemetry) {
        this.engine = engine;
        this.verifier = verifier;
        this.executor = executor;
        this.settings = settings;
        this.clock = clock;
        this.telemetry = telemetry;
    }

    /**
     * Connects a client that was let in with the engine; may block. Nothing is said before {@link Connection#opened}, and whoever
     * does not get there calls {@link Connection#gone}.
     *
     * @throws dev.parley.domain.error.ChatException when the engine cannot take it now
     */
    public Connection connect(Protocol protocol, Arrival arrival, FrameWriter writer) {
        return connected(new Connection(this, protocol, arrival, Optional.empty(), writer));
    }

    /**
     * Connects a client of whom nothing is known yet; the engine hears of it once {@link Step.Identify} has let it in. Otherwise as
     * {@link #connect(Protocol, Arrival, FrameWriter)}.
     *
     * @param arrival of {@link Arrival#STRANGER}
     * @param door asked who the client is
     */
    public Connection connect(Protocol protocol, Arrival arrival, Doorkeeper door, FrameWriter writer) {
        return connected(new Connection(this, protocol, arrival, Optional.of(door), writer));
    }

    private Connection connected(Connection connection) {
        live.add(connection);
        if (connection.ended()) {
            live.remove(connection);
        }
        return connection;
    }

    /** The wire language's side of a connection; the link is closed when there is none. */
    static ProtocolSession session(Protocol protocol, Handshake handshake, Link link) {
        boolean open = false;
        try {
            ProtocolSession session = protocol.open(handshake);
            open = true;
            return session;
        } finally {
            if (!open) {
                link.close();
            }
        }
    }

    /** Gives and asks for signs of life where it is time, and ends what is silent. Does not block. */
    public void tick() {
        long now = clock.millis();
        live.forEach(connection -> connection.tick(now));
    }

    /** Closes all connections that are there now, each behind what waits for it. */
    public void closeAll(Closing why) {
        live.forEach(connection -> connection.close(why));
    }

    /** What went through all of them, those that have ended included. */
    public Traffic.Totals traffic() {
        return traffic.totals();
    }

    public int count() {
        return live.size();
    }

    void ended(Connection connection) {
        live.remove(connection);
    }
}
