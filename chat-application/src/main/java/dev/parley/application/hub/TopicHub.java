package dev.parley.application.hub;

import dev.parley.application.EngineSettings;
import dev.parley.application.Ports;
import dev.parley.application.Watching;
import dev.parley.application.event.Event;
import dev.parley.application.event.EventSink;
import dev.parley.domain.Registration;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.session.AccessRules;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** All topics that somebody on this node is told of, and the sessions whose connections are. */
final class TopicHub {

    private static final System.Logger LOG = System.getLogger(TopicHub.class.getName());

    private final Ports ports;
    private final AccessRules rules;
    private volatile boolean closing;

    private final Shared<TopicId, TopicFeed> feeds;
    private final Shared<SessionId, SessionTopics> sessions;

    /**
     * What a link began to watch.
     *
     * @param lost whether it was taken from the link already
     */
    record Watch(Watching begun, BooleanSupplier lost, Registration end) {}

    TopicHub(Ports ports, EngineSettings settings) {
        this.ports = ports;
        this.rules = new AccessRules(settings.ticketRoles());
        this.feeds = new Shared<>(topic -> new TopicFeed(topic, ports, rules, settings.maxMissed()));
        this.sessions = new Shared<>(session -> new SessionTopics(session, ports, this));
    }

    AccessRules rules() {
        return rules;
    }

    /** Begins to tell what is for a session. */
    Watch watch(
            SessionId session, Supplier<Principal> principal, EventSink sink, Optional<Map<TopicId, Long>> known) {
        SessionTopics topics = sessions.use(session);
        SessionWatch watch = new SessionWatch(principal, sink);
        Registration end = () -> {
            watch.leave();
            topics.leave(watch);
            sessions.letGo(session);
        };
        boolean begun = false;
        try {
            Watching watching = Hub.await(topics.join(watch, known));
            begun = true;
            return new Watch(watching, () -> false, end);
        } finally {
            if (!begun) {
                end.close();
            }
        }
    }

    /** Begins to tell one topic. {@code onLoss} is run when the audience excludes the link's user */
    Watch watch(
            TopicId topic,
            Supplier<Principal> principal,
            EventSink sink,
            Runnable onLoss,
            Optional<Map<TopicId, Long>> known) {
        OptionalLong from = known.map(positions -> positions.get(topic))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
        TopicFollower follower = new TopicFollower(topic, principal, sink, from, lost -> onLoss.run());
        TopicFeed.Joined joined = join(follower);
        known.ifPresent(asked -> follower.tell(new Event.TopicsCaughtUp(joined.whole() && from.isPresent())));
        return new Watch(
                new Watching(Map.of(topic, joined.position())), follower::gone, () -> leave(follower));
    }

    /** Begins to tell a follower of its topic; whoever joins leaves. */
    TopicFeed.Joined join(TopicFollower follower) {
        TopicFeed feed = feeds.use(follower.topic());
        boolean joined = false;
        try {
            if (follower.looksBack()) {
                follower.beginAfter(ports.topics()
                        .admittedAt(
                                follower.topic(), follower.principal().user()));
            }
            long begun = follower.position();
            boolean recovered = feed.tellMissed(follower);
            TopicFeed.Joined now = Hub.await(feed.join(follower, begun, recovered));
            joined = true;
            return now;
        } finally {
            if (!joined) {
                leave(follower, feed);
            }
        }
    }

    void leave(TopicFollower follower) {
        Optional<TopicFeed> feed = feeds.find(follower.topic());
        feed.ifPresent(found -> leave(follower, found));
    }

    private void leave(TopicFollower follower, TopicFeed feed) {
        feed.leave(follower);
        feeds.letGo(follower.topic());
    }

    /** Finds what hints that were lost would have said. */
    void look() {
        feeds.all().forEach(TopicFeed::look);
        sessions.all().forEach(SessionTopics::look);
    }

    /** Keeps the subscriptions of the sessions that somebody here is connected to. */
    void keep() {
        sessions.all().forEach(SessionTopics::keep);
    }

    /** Keeps what is subscribed once more, before those who are connected are let go. */
    void close() {
        closing = true;
        CompletableFuture<?>[] kept =
                sessions.all().stream().map(SessionTopics::lastKept).toArray(CompletableFuture<?>[]::new);
        try {
            Hub.await(CompletableFuture.allOf(kept));
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "Subscriptions end as they were kept last", away);
        }
    }

    boolean closing() {
        return closing;
    }
}
