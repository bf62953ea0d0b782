package dev.parley.adapter.websocket;

import dev.parley.domain.error.ChatException;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.connection.Arrival;
import dev.parley.protocols.connection.Connection;
import dev.parley.protocols.connection.Connections;
import dev.parley.protocols.connection.Receiver;
import dev.parley.protocols.socketio.EngineSession;
import dev.parley.protocols.socketio.EngineSettings;
import dev.parley.protocols.socketio.Secrets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The Engine.IO sessions at one address, by their ids. Safe for use by many threads. */
final class EngineSessions {

    private static final System.Logger LOG = System.getLogger(EngineSessions.class.getName());

    private final EngineMount mount;
    private final Connections connections;
    private final Admission admission;
    private final HostResources host;
    private final InstantSource clock;
    private final Secrets secrets = new Secrets();
    private final Map<String, EngineSession> live = new ConcurrentHashMap<>();

    /** Requests that are not answered yet. */
    private final AtomicInteger unanswered = new AtomicInteger();

    /** A session whose connection is not opened yet. */
    record Begun(EngineSession session, Connection connection) {}

    EngineSessions(
            EngineMount mount,
            Connections connections,
            Admission admission,
            HostResources host,
            InstantSource clock) {
        this.mount = mount;
        this.connections = connections;
        this.admission = admission;
        this.host = host;
        this.clock = clock;
    }

    EngineSettings settings() {
        return mount.settings();
    }

    String path() {
        return mount.settings().path();
    }

    boolean at(String path) {
        return path.equals(path()) || path.equals(path() + "/");
    }

    boolean knows(String sid) {
        return live.containsKey(sid);
    }

    Optional<EngineSession> find(String sid) {
        return Optional.ofNullable(live.get(sid));
    }

    AtomicInteger unanswered() {
        return unanswered;
    }

    long now() {
        return clock.millis();
    }

    /** Begins a session with a client of which nothing is known; empty when there is no place or the engine takes none now. */
    Optional<Begun> begin(UpgradeHead head) {
        return admission.stranger(head).flatMap(place -> begin(head, place));
    }

    private Optional<Begun> begin(UpgradeHead head, ConnectionSlots.Stranger place) {
        String sid = secrets.next();
        EngineSession session = new EngineSession(
                sid,
                mount.settings(),
                wait -> host.later(wait, () -> find(sid).ifPresent(waiting -> waiting.tick(now()))),
                () -> {
                    live.remove(sid);
                    place.close();
                });
        boolean kept = false;
        try {
            Connection connection = connections.connect(
                    mount.protocol(),
                    new Arrival(
                            Arrival.STRANGER,
                            head.client(),
                            Map.of(),
                            head.queryWithoutToken(),
                            head.languages(),
                            true),
                    admission.door(head.credentials(), place),
                    session);
            session.carries(connection);
            live.put(sid, session);
            kept = true;
            return Optional.of(new Begun(session, connection));
        } catch (ChatException unavailable) {
            LOG.log(System.Logger.Level.WARNING, "The engine takes no connection now", unavailable);
            return Optional.empty();
        } finally {
            if (!kept) {
                place.close();
            }
        }
    }

    /** Hands on what comes over a WebSocket of a session. */
    Receiver wire(EngineSession session, ClientSocket socket) {
        return new Wire(session, socket);
    }

    private final class Wire implements Receiver {
        private final EngineSession session;
        private final ClientSocket socket;

        Wire(EngineSession session, ClientSocket socket) {
            this.session = session;
            this.socket = socket;
        }

        @Override
        public void received(Frame frame) {
            session.received(socket, frame, now());
        }

        /** Engine.IO has signs of life of its own. */
        @Override
        public void heard() {}

        @Override
        public void close(Closing why) {
            session.broken(socket, why);
        }

        @Override
        public void gone(int code) {
            session.gone(socket, code);
        }
    }
}
