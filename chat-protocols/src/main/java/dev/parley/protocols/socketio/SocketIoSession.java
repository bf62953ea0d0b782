package dev.parley.protocols.socketio;

import dev.parley.application.event.Event;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One client's side of Socket.IO, in all its namespaces. */
final class SocketIoSession implements ProtocolSession {

    private static final int FINAL_CODES = 4500;

    private final SocketIoProtocol protocol;
    private final Handshake handshake;
    private final SocketDecoder decoder;

    /** Those who asked or are in, by their namespace. */
    private final Map<String, NamespaceSocket> sockets = new LinkedHashMap<>();

    private final Map<NamespaceSocket, NamespaceSession> sessions = new HashMap<>();

    /** Where the client was put out: what it said before it knew is not held against it. */
    private final Set<String> putOut = new HashSet<>();

    /** Read by whoever writes. */
    private volatile List<Stamping> stampings = List.of();

    private Optional<NamespaceSession> earlier = Optional.empty();
    private @Nullable Instant connectBy;
    private Instant now = Instant.EPOCH;
    private int refusals;
    private boolean leaving;

    SocketIoSession(SocketIoProtocol protocol, Handshake handshake) {
        this.protocol = protocol;
        this.handshake = handshake;
        this.decoder = protocol.decoder();
    }

    @Override
    public List<Step> opened(Instant time) {
        connectBy = time.plus(protocol.settings().connectTimeout());
        return List.of();
    }

    @Override
    public List<Step> received(Frame frame, Instant time) {
        now = time;
        if (leaving) {
            return List.of();
        }
        return switch (decoder.add(frame)) {
            case SocketDecoder.Decoded.Whole whole -> take(whole.packet());
            case SocketDecoder.Decoded.Partial partial -> List.of();
            case SocketDecoder.Decoded.Broken broken -> leave(Closing.Reason.PROTOCOL);
        };
    }

    private List<Step> take(SocketPacket packet) {
        NamespaceSocket socket = sockets.get(packet.namespace());
        if (packet instanceof SocketPacket.Connect connect) {
            return socket == null && sockets.size() < limits().namespaces() ? connect(connect) : leave(Closing.Reason.PROTOCOL);
        }
        if (socket == null || !socket.connected()) {
            return putOut.contains(packet.namespace()) ? List.of() : leave(Closing.Reason.PROTOCOL);
        }
        return switch (packet) {
            case SocketPacket.Connect connect -> List.of();
            case SocketPacket.Disconnect disconnect -> out(socket);
            case SocketPacket.Event event -> session(socket).received(new SocketEvent(socket, event), now);
            case SocketPacket.Ack ack -> socket.answered(ack.id())
                    .map(then -> then.apply(Optional.of(ack.arguments())))
                    .orElse(List.of());
        };
    }

    private List<Step> connect(SocketPacket.Connect packet) {
        Optional<Namespace> namespace = protocol.namespace(packet.namespace());
        NamespaceSocket socket = new NamespaceSocket(this, packet.namespace(), packet.auth());
        if (namespace.isEmpty()) {
            return socket.refuse("Invalid namespace", Optional.empty());
        }
        NamespaceSession session = namespace.get().open(socket);
        sockets.put(packet.namespace(), socket);
        sessions.put(socket, session);
        putOut.remove(packet.namespace());
        return session.connecting(packet.auth(), now);
    }

    @Override
    public List<Step> happened(Event event, Instant time) {
        now = time;
        if (sockets.size() == 1) {
            return happened(sockets.values().iterator().next(), event);
        }
        List<Step> steps = new ArrayList<>();
        for (NamespaceSocket socket : List.copyOf(sockets.values())) {
            steps.addAll(happened(socket, event));
        }
        return steps;
    }

    private List<Step> happened(NamespaceSocket socket, Event event) {
        return socket.connected() ? session(socket).happened(event, now) : List.of();
    }

    @Override
    public List<Step> closing(Closing why, Instant time) {
        now = time;
        leaving = true;
        List<Step> steps = new ArrayList<>();
        for (NamespaceSocket socket : sockets.values()) {
            if (socket.connected()) {
                steps.addAll(session(socket).closing(why, time));
                if (why.reason().code() >= FINAL_CODES) {
                    // Stock clients come back by themselves unless they are put out.
                    steps.add(new Step.Send(new Outgoing.Kept(SocketEncoder.disconnected(socket.namespace()))));
                }
            }
        }
        return steps;
    }

    @Override
    public List<Step> heartbeat(Instant time) {
        return List.of();
    }

    @Override
    public boolean overdue(Instant time) {
        Instant latest = connectBy;
        return latest != null && !time.isBefore(latest)
                || sockets.values().stream().anyMatch(socket -> socket.trail().filter(Trail::taken).isPresent())
                || sessions.values().stream().anyMatch(session -> session.overdue(time));
    }

    @Override
    public void ended(Instant time) {
        now = time;
        for (NamespaceSocket socket : List.copyOf(sockets.values())) {
            protocol.recoveries().ifPresent(all -> socket.trail().ifPresent(trail -> all.keep(trail, time)));
            drop(socket);
        }
    }

    @Override
    public Frame encode(Event.ReplyGrew grown) {
        for (NamespaceSession session : sessions.values()) {
            Optional<Frame> packet = session.encode(grown);
            if (packet.isPresent()) {
                return packet.get();
            }
        }
        // Whoever wanted it has left meanwhile.
        return EnginePackets.NOOP;
    }

    @Override
    public Frame stamped(Frame frame) {
        if (frame.mark() instanceof Frame.Mark.None) {
            return frame;
        }
        for (Stamping stamping : stampings) {
            if (stamping.knows(frame)) {
                return stamping.session().stamped(frame);
            }
        }
        return frame;
    }

    /** Puts the last touch to what is told in one namespace. {@code prefix} what its events begin with */
    private record Stamping(byte[] prefix, NamespaceSession session) {

        boolean knows(Frame frame) {
            return frame.size() > prefix.length && Arrays.mismatch(prefix, frame.utf8()) == prefix.length;
        }
    }

    // For the sockets of the namespaces

    Handshake handshake() {
        return handshake;
    }

    SocketLimits limits() {
        return protocol.settings().limits();
    }

    String secret() {
        return protocol.secret();
    }

    /** Goes on where the client was cut off, if it may. */
    Optional<Trail> goOn(NamespaceSocket socket, Optional<String> pid, String owner, Optional<String> offset) {
        earlier = Optional.empty();
        if (protocol.recoveries().isEmpty() || pid.isEmpty()) {
            return Optional.empty();
        }
        return protocol.recoveries()
                .get()
                .goOn(pid.get(), socket.namespace(), owner, offset, session(socket), now)
                .map(same -> {
                    earlier = same.before();
                    return same;
                });
    }

    /** The session before the one that went on last. */
    Optional<NamespaceSession> earlier() {
        return earlier;
    }

    /** Begins to note what a client is told, where that is wanted. */
    Optional<Trail> begin(NamespaceSocket socket, String owner) {
        return protocol.recoveries().map(all -> {
            Trail trail = all.fresh(secret(), secret(), socket.namespace(), owner, session(socket));
            all.begin(trail);
            return trail;
        });
    }

    void entered(NamespaceSocket socket) {
        connectBy = null;
        stampings = stampings();
    }

    private List<Stamping> stampings() {
        return sockets.values()
                .stream()
                .filter(NamespaceSocket::connected)
                .map(socket -> new Stamping(SocketEncoder.prefix(socket.namespace()), session(socket)))
                .toList();
    }

    List<Step> refused(NamespaceSocket socket) {
        drop(socket);
        refusals++;
        return refusals < limits().refusals() ? List.of() : leave(Closing.Reason.LIMITS);
    }

    /** The client was put out. */
    List<Step> left(NamespaceSocket socket) {
        putOut.add(socket.namespace());
        return out(socket);
    }

    private List<Step> out(NamespaceSocket socket) {
        protocol.recoveries().ifPresent(all -> socket.trail().ifPresent(all::forget));
        return drop(socket);
    }

    private List<Step> drop(NamespaceSocket socket) {
        boolean wasIn = socket.connected();
        sockets.remove(socket.namespace(), socket);
        NamespaceSession session = sessions.remove(socket);
        socket.over();
        stampings = stampings();
        return wasIn && session != null ? session.left(now) : List.of();
    }

    private NamespaceSession session(NamespaceSocket socket) {
        NamespaceSession session = sessions.get(socket);
        if (session == null) {
            throw new IllegalStateException("Expected a namespace that the client is in");
        }
        return session;
    }

    private List<Step> leave(Closing.Reason reason) {
        leaving = true;
        return List.of(new Step.Close(Closing.because(reason)));
    }
}
