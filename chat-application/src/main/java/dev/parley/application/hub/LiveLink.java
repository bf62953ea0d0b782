package dev.parley.application.hub;

import dev.parley.application.Caller;
import dev.parley.application.EngineSettings;
import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.Ports;
import dev.parley.application.Watching;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.application.event.EventSink;
import dev.parley.application.guard.Access;
import dev.parley.domain.Registration;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

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
    // Mostly one, so what holds them is made anew when it changes.
    private volatile Map<SessionId, Follower> following = Map.of();
    // Both are made when something is to be put there: most connections watch no topics and are silent.
    private volatile Map<Watched, Registration> watching = Map.of();
    private @Nullable Map<SessionId, Typed> typed;
    private volatile Stage stage = Stage.LIVE;
    private volatile Caller caller;
    private volatile Instant lastSeen;
    private volatile Instant lastTouched;

    private enum Stage {
        LIVE,
        /** It was told that it must end. */
        ENDING,
        CLOSED
    }

    /** What the client said last about typing, and when. */
    private record Typed(boolean active, Instant at) {}

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
        this.lastTouched = connectedAt;
    }

    @Override
    public ConnectionId id() {
        return id;
    }

    Principal principal() {
        return caller.principal();
    }

    boolean follows(SessionId session) {
        return following.containsKey(session);
    }

    /** Tells what concerns the connection as a whole. */
    void tell(Event event) {
        if (live()) {
            if (event instanceof Event.SessionLost lost) {
                // What is published from now on is not for somebody who has lost the session.
                unwatch(new Watched.OfSession(lost.session()));
            }
            give(event);
        }
    }

    /** Tells that the connection must end, once, and nothing of any session afterwards. */
    void end(Event.Cause cause) {
        if (goesOnTo(Stage.ENDING)) {
            give(new Event.Disconnecting(cause, Optional.empty()));
            Thread.ofVirtual().name("link-" + id).start(() -> {
                following.keySet().forEach(this::letGo);
                watching.keySet().forEach(this::unwatch);
            });
        }
    }

    private boolean live() {
        return stage == Stage.LIVE;
    }

    /** False when it is that far already. */
    private synchronized boolean goesOnTo(Stage next) {
        boolean first = stage.compareTo(next) < 0;
        stage = first ? next : stage;
        return first;
    }

    @Override
    public <R> Outcome<R> handle(Command<R> command) {
        return commands.handle(caller, id, command);
    }

    @Override
    public Outcome<Following> follow(SessionId session, From from) {
        return commands.mayFollow(caller, session).then(found -> join(found, from));
    }

    private Outcome<Following> join(Session session, From wanted) {
        letGo(session.id());
        From from = wanted instanceof From.LastHere ? lastHere(session) : wanted;
        Follower follower = from instanceof From.Position missed
                ? follower(session.id(), missed.position(), missed.shown())
                : follower(session.id(), session.position(), Map.of());
        if (wanted instanceof From.LastHere) {
            follower.hasNoCursor();
        }
        Presence.Present who = present(session.id());
        boolean came = ports.presence().enter(who, id, settings.presenceLife());
        Optional<Following> joined = Optional.empty();
        try {
            joined = hub.join(follower, session.id(), from);
        } finally {
            if (joined.isEmpty()) {
                hub.departs(who, this);
            }
        }
        if (joined.isEmpty()) {
            return Access.noSession(session.id());
        }
        keep(session.id(), follower);
        if (from instanceof From.Now) {
            follower.reach().has(joined.get().position());
            saveReach(session.id(), follower);
        }
        if (came) {
            hub.publishPresence(who, true);
        }
        if (follower.gone() || !live()) {
            lost(session.id(), follower);
        }
        register();
        return Outcome.done(joined.get());
    }

    private From lastHere(Session session) {
        OptionalLong reach = ports.sessions().reachOf(session.id(), principal().user());
        return reach.isPresent() && reach.getAsLong() <= session.position()
                ? new From.Position(reach.getAsLong(), Map.of())
                : new From.Now();
    }

    private Follower follower(SessionId session, long position, Map<MessageId, Long> shown) {
        return new Follower(this::principal, this::tell, lost -> lost(session, lost), position, shown);
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
    public Outcome<Watching> watch(Watched what, Optional<Map<TopicId, Long>> known) {
        unwatch(what);
        return switch (what) {
            case Watched.OfSession(SessionId session) -> following.containsKey(session)
                    ? watching(what, hub.topics().watch(session, this::principal, this::tell, known))
                    : Outcome.refused(ErrorCode.BAD_REQUEST, "Expected a session that this connection follows");
            case Watched.OfTopic(TopicId topic) -> topic.session().isEmpty()
                    ? commands.mayWatch(caller, topic)
                            .then(open -> watching(
                                    what,
                                    hub.topics()
                                            .watch(topic, this::principal, this::tell, () -> unwatch(what), known)))
                    : Outcome.refused(ErrorCode.BAD_REQUEST, "Expected a topic that is no session's own");
        };
    }

    private Outcome<Watching> watching(Watched what, TopicHub.Watch watch) {
        watched().put(what, watch.end());
        boolean lost = what instanceof Watched.OfSession of && !following.containsKey(of.session());
        if (lost || watch.lost().getAsBoolean() || !live()) {
            unwatch(what);
        }
        return Outcome.done(watch.begun());
    }

    private Map<Watched, Registration> watched() {
        if (!(watching instanceof ConcurrentHashMap)) {
            synchronized (this) {
                watching = watching instanceof ConcurrentHashMap ? watching : new ConcurrentHashMap<>(4);
            }
        }
        return watching;
    }

    private void unwatch(Watched what) {
        Registration watch = watching.isEmpty() ? null : watching.remove(what);
        if (watch != null) {
            watch.close();
        }
    }

    @Override
    public void unfollow(SessionId session) {
        Follower follower = following.get(session);
        if (follower != null) {
            follower.reach().has(follower.position());
            lost(session, follower);
        }
    }

    private void letGo(SessionId session) {
        Follower follower = following.get(session);
        if (follower != null) {
            lost(session, follower);
        }
    }

    /** Lets go of a session, unless it was let go of or is followed anew. */
    private void lost(SessionId session, Follower follower) {
        if (drop(session, follower)) {
            typesNoMore(session);
            unwatch(new Watched.OfSession(session));
            hub.leave(follower, session);
            hub.departs(present(session), this);
            attempt(() -> saveReach(session, follower));
        }
    }

    private synchronized void keep(SessionId session, Follower follower) {
        Map<SessionId, Follower> more = new HashMap<>(following);
        more.put(session, follower);
        following = Map.copyOf(more);
    }

    /** False when the session was let go of before, or is followed anew. */
    private synchronized boolean drop(SessionId session, Follower follower) {
        Map<SessionId, Follower> less = new HashMap<>(following);
        boolean followed = less.remove(session, follower);
        following = Map.copyOf(less);
        return followed;
    }

    private void saveReach(SessionId session, Follower follower) {
        OptionalLong news = follower.reach().news();
        if (news.isPresent()) {
            ports.sessions().reach(session, principal().user(), news.getAsLong());
        }
    }

    @Override
    public Outcome<Principal> refresh(Principal principal) {
        Principal before = caller.principal();
        return commands.mayContinue(before, principal).then(good -> {
            caller = caller.as(good);
            if (!good.roles().equals(before.roles())) {
                following.forEach(this::recheck);
                if (!watching.isEmpty()) {
                    hub.topics().look();
                }
            }
            return Outcome.done(good);
        });
    }

    /** A newer token may grant less than the older one did. */
    private void recheck(SessionId session, Follower follower) {
        if (commands.mayFollow(caller, session) instanceof Outcome.Refused<Session> refused
                && refused.refusal().code() == ErrorCode.FORBIDDEN) {
            follower.lose(new Event.SessionLost(session, Event.Loss.REMOVED));
        }
    }

    @Override
    public void seen() {
        lastSeen = ports.clock().instant();
        following.values().forEach(follower -> follower.reach().sign(follower.position()));
    }

    @Override
    public boolean unsure() {
        for (Follower follower : following.values()) {
            if (follower.cursorless() && follower.reach().behind(follower.position())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void left() {
        following.values().forEach(follower -> follower.reach().has(follower.position()));
    }

    /** Whether the others should be told; the same again only after a while, so that keystrokes do not flood them. */
    synchronized boolean newsOfTyping(SessionId session, boolean active) {
        Instant now = ports.clock().instant();
        Map<SessionId, Typed> said = typed == null ? new HashMap<>(4) : typed;
        typed = said;
        Typed before = said.get(session);
        boolean told = before != null
                && before.active() == active
                && now.isBefore(before.at().plus(settings.typingLife().dividedBy(3)));
        if (!told) {
            said.put(session, new Typed(active, now));
        }
        return !told && (active || before != null);
    }

    private synchronized void typesNoMore(SessionId session) {
        if (typed != null) {
            typed.remove(session);
        }
    }

    /** Says that this connection is still there. */
    void renew() {
        for (SessionId session : following.keySet()) {
            if (ports.presence().enter(present(session), id, settings.presenceLife())) {
                hub.publishPresence(present(session), true);
            }
        }
        // Not only its sign of life: what was known of it may be lost.
        register();
    }

    /** Makes durable that somebody was here, and what they were surely told. */
    void save() {
        Instant seen = lastSeen;
        if (seen.isAfter(lastTouched)) {
            following.keySet().forEach(session -> ports.sessions().touch(session, seen));
            lastTouched = seen;
        }
        following.forEach(this::saveReach);
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
        if (stage == Stage.CLOSED) {
            ports.connections().remove(id);
        }
    }

    @Override
    public void close() {
        if (!goesOnTo(Stage.CLOSED)) {
            return;
        }
        hub.closed(this);
        for (SessionId session : following.keySet()) {
            attempt(() -> letGo(session));
            attempt(() -> ports.sessions().touch(session, lastSeen));
        }
        watching.keySet().forEach(watched -> attempt(() -> unwatch(watched)));
        attempt(() -> ports.connections().remove(id));
    }

    private void attempt(Runnable part) {
        try {
            part.run();
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "connection=" + id + " could not say that it is gone", away);
        }
    }

    /** Sinks do not throw; one that does harms nobody but its own connection. */
    private void give(Event event) {
        try {
            sink.accept(event);
        } catch (RuntimeException broken) {
            LOG.log(System.Logger.Level.ERROR, "connection=" + id + " cannot take what it is told", broken);
            Thread.ofVirtual().name("link-" + id).start(this::close);
        }
    }

    private Presence.Present present(SessionId session) {
        return new Presence.Present(
                session, principal().user(), principal().name());
    }
}
