package dev.parley.application.hub;

import dev.parley.application.Caller;
import dev.parley.application.EngineSettings;
import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.application.event.EventSink;
import dev.parley.application.guard.Access;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** One connection as the engine knows it. */
final class LiveLink implements Link {

    private static final System.Logger LOG = System.getLogger(LiveLink.class.getName());

    private final ConnectionId id;
    private final NodeId node;
    private final EventSink sink;
    private final LinkCommands commands;
    private final Hub hub;
    private final Ports ports;
    private final EngineSettings settings;
    private final Instant connectedAt;
    private final Map<SessionId, Follower> following = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Caller caller;
    private volatile Instant lastSeen;

    LiveLink(
            ConnectionId id,
            NodeId node,
            Caller caller,
            EventSink sink,
            LinkCommands commands,
            Hub hub,
            Ports ports,
            EngineSettings settings) {
        this.id = id;
        this.node = node;
        this.caller = caller;
        this.sink = sink;
        this.commands = commands;
        this.hub = hub;
        this.ports = ports;
        this.settings = settings;
        this.connectedAt = ports.clock().instant();
        this.lastSeen = connectedAt;
    }

    @Override
    public ConnectionId id() {
        return id;
    }

    Principal principal() {
        return caller.principal();
    }

    /** Tells what concerns the connection as a whole. */
    void tell(Event event) {
        if (!closed.get()) {
            sink.accept(event);
        }
    }

    @Override
    public <R> Outcome<R> handle(Command<R> command) {
        return commands.handle(caller, id, command);
    }

    @Override
    public Outcome<Following> follow(SessionId session, From from) {
        return commands.mayFollow(caller, session).then(found -> join(found, from));
    }

    private Outcome<Following> join(Session session, From from) {
        unfollow(session.id());
        Follower follower =
                switch (from) {
                    case From.Now now -> new Follower(this::principal, sink, session.position(), Map.of());
                    case From.Position missed -> new Follower(
                            this::principal, sink, missed.position(), missed.shown());
                };
        Presence.Present who = present(session.id());
        boolean came = ports.presence().enter(who, id, settings.presenceLife());
        Optional<Following> joined = hub.join(follower, session.id(), from);
        if (joined.isEmpty()) {
            hub.departs(who, id);
            return Access.noSession(session.id());
        }
        following.put(session.id(), follower);
        if (closed.get()) {
            unfollow(session.id());
        } else if (came) {
            hub.publishPresence(who, true);
        }
        register();
        return Outcome.done(joined.get());
    }

    @Override
    public Outcome<Following> replay(SessionId session, From.Position from) {
        Follower follower = following.get(session);
        if (follower == null) {
            return Outcome.refused(ErrorCode.BAD_REQUEST, "Expected a session that this connection follows");
        }
        return hub.replay(follower, session, from)
                .map(Outcome::done)
                .orElseGet(() -> Access.noSession(session));
    }

    @Override
    public void unfollow(SessionId session) {
        Follower follower = following.remove(session);
        if (follower != null) {
            hub.leave(follower, session);
            hub.departs(present(session), id);
        }
    }

    @Override
    public Outcome<Principal> refresh(Principal principal) {
        return commands.mayContinue(caller.principal(), principal).then(good -> {
            caller = new Caller(good, caller.client(), caller.protocol());
            return Outcome.done(good);
        });
    }

    @Override
    public void seen() {
        lastSeen = ports.clock().instant();
    }

    /** Says that this connection is still there. */
    void renew() {
        for (SessionId session : following.keySet()) {
            if (ports.presence().enter(present(session), id, settings.presenceLife())) {
                hub.publishPresence(present(session), true);
            }
        }
        ports.connections().touch(id, lastSeen);
    }

    /** Puts what is known of this connection where administrators see it. */
    void register() {
        ports.connections()
                .put(new ConnectionInfo(
                        id,
                        node,
                        following.keySet().stream().findFirst(),
                        principal().user(),
                        caller.protocol(),
                        connectedAt,
                        lastSeen,
                        true));
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            following.keySet().forEach(session -> {
                ports.sessions().touch(session, ports.clock().instant());
                unfollow(session);
            });
            ports.connections().remove(id);
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "connection=" + id + " could not say that it is gone", away);
        } finally {
            following.keySet().forEach(this::unfollow);
            hub.closed(this);
        }
    }

    private Presence.Present present(SessionId session) {
        return new Presence.Present(
                session, principal().user(), principal().name());
    }
}
