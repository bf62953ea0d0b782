package dev.parley.application.hub;

import dev.parley.application.Caller;
import dev.parley.application.EngineSettings;
import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.Ports;
import dev.parley.application.event.Event;
import dev.parley.application.event.EventSink;
import dev.parley.application.time.Beat;
import dev.parley.domain.Registration;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.live.Topic;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** All connections of this node, and the sessions they follow. */
public final class Hub implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Hub.class.getName());

    private static final Duration EXPIRY_EVERY = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(30);
    private static final Duration KEEP_EVERY = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int RENEWALS_AT_ONCE = 16;

    private final NodeId node;
    private final Ports ports;
    private final EngineSettings settings;
    private final Registration hints;
    private final Map<ConnectionId, LiveLink> links = new ConcurrentHashMap<>();
    private final List<Beat> beats = new ArrayList<>();
    private final TopicHub topics;

    private final Shared<SessionId, SessionHub> sessions;

    private volatile boolean closed;

    public Hub(NodeId node, Ports ports, EngineSettings settings) {
        this.node = node;
        this.ports = ports;
        this.settings = settings;
        this.topics = new TopicHub(ports, settings);
        this.sessions = new Shared<>(id -> new SessionHub(id, ports, settings.maxMissed(), settings.typingLife()));
        this.hints = ports.bus().subscribe(new Topic.Everywhere(), this::heard);
    }

    /** Begins to look after tokens that expire, people who vanish and hints that were lost. */
    public void start() {
        beats.add(Beat.every(EXPIRY_EVERY, ports.timers(), "to end expired tokens", this::endExpired));
        beats.add(Beat.every(
                // In whole numbers, so that no start readies decimal arithmetic.
                Duration.ofNanos(settings.presenceLife().toNanos() / 3),
                ports.timers(),
                "to say who is there",
                this::sayWhoIsThere));
        beats.add(Beat.every(KEEP_EVERY, ports.timers(), "to keep subscriptions", topics::keep));
        beats.add(Beat.every(LOOK_EVERY, ports.timers(), "to look for what was missed", this::lookEverywhere));
    }

    /** Opens a link whose commands are answered by {@code commands}. */
    public Link connect(Caller caller, EventSink sink, LinkCommands commands) {
        LiveLink link = new LiveLink(
                new ConnectionId(ports.ids().next()), node, caller, sink, commands, this, ports, settings);
        links.put(link.id(), link);
        link.register();
        return link;
    }

    /** How many links are open here. */
    public int size() {
        return links.size();
    }

    /** How many sessions are followed here. */
    public int followed() {
        return sessions.size();
    }

    /** Tells every link to come back elsewhere, each after another part of {@code spread}. */
    public void disconnectAll(Duration spread) {
        List<LiveLink> all = new ArrayList<>(links.values());
        for (int i = 0; i < all.size(); i++) {
            Duration later = spread.multipliedBy(i).dividedBy(all.size());
            all.get(i).tell(new Event.Disconnecting(Event.Cause.DRAIN, Optional.of(later)));
        }
    }

    /**
     * Tells those who follow a session, on all nodes, that it was removed.
     *
     * @param position the newest that it had
     */
    public void purged(SessionId session, long position) {
        sessions.find(session).ifPresent(SessionHub::purged);
        ports.bus().publish(new Topic.OfSession(session), new Hint.FeedGrew(session, position + 1));
    }

    /** Whether it is news for others that the user of {@code connection} types, or does no longer. */
    public boolean newsOfTyping(ConnectionId connection, SessionId session, boolean active) {
        LiveLink link = links.get(connection);
        return link == null || link.newsOfTyping(session, active);
    }

    @Override
    public void close() {
        closed = true;
        hints.close();
        beats.forEach(Beat::close);
        topics.close();
        new ArrayList<>(links.values()).forEach(LiveLink::close);
    }

    Optional<Following> join(Follower follower, SessionId session, Link.From from) {
        SessionHub hub = sessions.use(session);
        Optional<Following> joined = Optional.empty();
        try {
            boolean recovered = from instanceof Link.From.Position && hub.tellMissed(follower);
            joined = await(hub.join(follower, from, recovered))
                    .flatMap(at -> following(session, at, from instanceof Link.From.Position));
            return joined;
        } finally {
            if (joined.isEmpty()) {
                hub.leave(follower);
                sessions.letGo(session);
            }
        }
    }

    Optional<Following> replay(Follower follower, SessionId session, Link.From.Position from) {
        return following(session, await(hubOf(session).replay(follower, from)), true);
    }

    void leave(Follower follower, SessionId session) {
        sessions.find(session).ifPresent(hub -> {
            hub.leave(follower);
            sessions.letGo(session);
        });
    }

    /** What is published, for links. */
    TopicHub topics() {
        return topics;
    }

    void closed(LiveLink link) {
        links.remove(link.id());
    }

    /** Publishes that somebody's last connection went, unless it or another came back within the grace. */
    void departs(Presence.Present who, LiveLink link) {
        if (closed) {
            departed(who, link);
        } else {
            ports.timers().after(settings.presenceGrace(), () -> departed(who, link));
        }
    }

    void publishPresence(Presence.Present who, boolean online) {
        ports.bus()
                .publish(
                        new Topic.OfSession(who.session()),
                        new Hint.PresenceChanged(who.session(), who.user(), who.name(), online));
    }

    private void departed(Presence.Present who, LiveLink link) {
        if (!link.follows(who.session()) && ports.presence().leave(who, link.id())) {
            publishPresence(who, false);
        }
    }

    private Optional<Following> following(SessionId session, long position, boolean behind) {
        return ports.sessions()
                .find(session)
                .map(now -> new Following(now, position, ports.presence().in(session), behind));
    }

    private SessionHub hubOf(SessionId session) {
        return sessions.find(session)
                .orElseThrow(() -> new IllegalStateException("Expected a session that is followed, found " + session));
    }

    /** What comes of something that runs in another order than the caller's. */
    static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ChatException known) {
                throw known;
            }
            throw new IllegalStateException("Expected the session's hub to answer", failed.getCause());
        } catch (TimeoutException late) {
            throw new UnavailableException("Expected the session's hub to answer within " + PATIENCE, late);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Expected to wait for the session's hub, was interrupted", stopped);
        }
    }

    private void heard(Hint hint) {
        switch (hint) {
            case Hint.TokenRevoked revoked -> end(
                    Event.Cause.TOKEN_REVOKED,
                    who -> who.tokenId().filter(revoked.tokenId()::equals).isPresent());
            case Hint.UserRevoked revoked -> end(
                    Event.Cause.TOKEN_REVOKED,
                    who -> who.user().equals(revoked.user())
                            && !who.issuedAt().isAfter(revoked.until()));
            case Hint.ConnectionDismissed(ConnectionId dismissed) ->
                    Optional.ofNullable(links.get(dismissed)).ifPresent(link -> link.end(Event.Cause.DRAIN));
            case Hint.Announced announced -> {
                Event event = new Event.Announced(announced.message(), announced.level());
                links.values().forEach(link -> link.tell(event));
            }
            case Hint.HintsLost lost -> Thread.ofVirtual().name("revocations").start(this::lookForRevocations);
            case Hint.FeedGrew h -> {}
            case Hint.Typing h -> {}
            case Hint.PresenceChanged h -> {}
            case Hint.QueueMoved h -> {}
            case Hint.StopRequested h -> {}
            case Hint.TopicGrew h -> {}
            case Hint.AudienceChanged h -> {}
            case Hint.SubscriptionsChanged h -> {}
        }
    }

    private void end(Event.Cause cause, Predicate<Principal> whose) {
        for (LiveLink link : links.values()) {
            if (whose.test(link.principal())) {
                link.end(cause);
            }
        }
    }

    private void endExpired() {
        Instant now = ports.clock().instant();
        end(Event.Cause.TOKEN_EXPIRED, who -> who.expired(now));
    }

    private void sayWhoIsThere() {
        renewAll(List.copyOf(links.values()));
        ports.presence().sweep(gone -> publishPresence(gone, false));
        links.values().forEach(LiveLink::save);
    }

    /** Many at a time: a broker that is far away must not make a node's connections look dead before it comes to them. */
    private static void renewAll(List<LiveLink> all) {
        if (all.size() <= RENEWALS_AT_ONCE) {
            all.forEach(LiveLink::renew);
            return;
        }
        List<Callable<Boolean>> parts = new ArrayList<>();
        for (int i = 0; i < RENEWALS_AT_ONCE; i++) {
            int part = i;
            parts.add(() -> {
                for (int at = part; at < all.size(); at += RENEWALS_AT_ONCE) {
                    all.get(at).renew();
                }
                return true;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> part : threads.invokeAll(parts)) {
                part.get();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("Expected to say who is there", failed.getCause());
        }
    }

    /** Finds what hints that were lost would have said. */
    private void lookEverywhere() {
        sessions.all().forEach(SessionHub::look);
        topics.look();
        end(Event.Cause.TOKEN_REVOKED, who -> ports.revocations().revoked(who));
    }

    private void lookForRevocations() {
        try {
            end(Event.Cause.TOKEN_REVOKED, who -> ports.revocations().revoked(who));
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "Expected to look for revoked tokens", away);
        }
    }
}
