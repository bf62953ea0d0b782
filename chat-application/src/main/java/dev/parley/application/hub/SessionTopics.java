package dev.parley.application.hub;

import dev.parley.application.Ports;
import dev.parley.application.Watching;
import dev.parley.application.event.Event;
import dev.parley.domain.Registration;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What the connections of one session on this node are told: its own topic, and those that it is subscribed to. Subscriptions
 * belong to the session, so they are read once for all its connections, and kept while there are any.
 */
final class SessionTopics implements Shared.Listening {

    private static final System.Logger LOG = System.getLogger(SessionTopics.class.getName());

    private final SessionId session;
    private final TopicId own;
    private final Ports ports;
    private final TopicHub hub;
    private final Serial serial;
    private volatile Registration hints = () -> {};

    // used in serial alone
    private final Set<SessionWatch> watches = new LinkedHashSet<>();
    private boolean subscribed;

    SessionTopics(SessionId session, Ports ports, TopicHub hub) {
        this.session = session;
        this.own = TopicId.of(session);
        this.ports = ports;
        this.hub = hub;
        this.serial = new Serial("topics-of-", session);
    }

    @Override
    public void listen() {
        hints = ports.bus().subscribe(new Topic.OfSession(session), hint -> {
            if (hint instanceof Hint.SubscriptionsChanged || hint instanceof Hint.HintsLost) {
                look();
            }
        });
    }

    /**
     * Begins to tell a connection.
     *
     * @param known what it knows of each topic; without it everything begins now
     */
    CompletableFuture<Watching> join(SessionWatch watch, Optional<Map<TopicId, Long>> known) {
        return serial.answer(() -> {
            watches.add(watch);
            List<Subscription> subscriptions = subscriptions();
            extend();
            Map<TopicId, Long> positions = new HashMap<>();
            boolean whole = true;
            for (Map.Entry<TopicId, OptionalLong> each : beginnings(subscriptions, known).entrySet()) {
                Optional<TopicFeed.Joined> joined = begin(watch, each.getKey(), each.getValue());
                joined.ifPresent(at -> positions.put(each.getKey(), at.position()));
                whole &= joined.map(TopicFeed.Joined::whole).orElse(true);
            }
            if (known.isPresent()) {
                watch.tell(new Event.TopicsCaughtUp(whole));
            }
            return new Watching(positions);
        });
    }

    /** Ends it for a connection; what it was subscribed to stays for a while when it was the last. */
    void leave(SessionWatch watch) {
        serial.run(() -> {
            if (watches.remove(watch)) {
                List.copyOf(watch.followers.values()).forEach(hub::leave);
                watch.followers.clear();
            }
            if (watches.isEmpty() && !hub.closing()) {
                attempt(this::extend);
            }
        });
    }

    /** Brings every connection to the topics that the session is subscribed to now. */
    void look() {
        serial.run(() -> attempt(this::adjust));
    }

    /** Says that the session has connections. */
    void keep() {
        serial.run(() -> attempt(() -> {
            if (!watches.isEmpty()) {
                extend();
            }
        }));
    }

    /** As {@link #keep}, for the last time. */
    CompletableFuture<Boolean> lastKept() {
        return serial.answer(() -> {
            attempt(this::extend);
            return true;
        });
    }

    @Override
    public void close() {
        hints.close();
    }

    private void adjust() {
        if (watches.isEmpty()) {
            return;
        }
        Map<TopicId, OptionalLong> wanted = beginnings(subscriptions(), Optional.of(Map.of()));
        for (SessionWatch watch : watches) {
            for (TopicFollower follower : new ArrayList<>(watch.followers.values())) {
                if (!wanted.containsKey(follower.topic())) {
                    watch.followers.remove(follower.topic());
                    hub.leave(follower);
                }
            }
            watch.denied.retainAll(wanted.keySet());
            wanted.forEach((topic, since) -> {
                if (!watch.followers.containsKey(topic)) {
                    begin(watch, topic, since);
                }
            });
        }
    }

    /** Where each topic begins for somebody with this knowledge; a subscription owes nothing from before it. */
    private Map<TopicId, OptionalLong> beginnings(
            List<Subscription> subscriptions, Optional<Map<TopicId, Long>> known) {
        Map<TopicId, OptionalLong> beginnings = new LinkedHashMap<>();
        beginnings.put(
                own,
                known.map(positions -> positions.get(own)).map(OptionalLong::of).orElse(OptionalLong.empty()));
        for (Subscription subscription : subscriptions) {
            long since = subscription.since();
            beginnings.put(
                    subscription.topic(),
                    known.map(positions -> Math.max(since, positions.getOrDefault(subscription.topic(), since)))
                            .map(OptionalLong::of)
                            .orElse(OptionalLong.empty()));
        }
        return beginnings;
    }

    private Optional<TopicFeed.Joined> begin(SessionWatch watch, TopicId topic, OptionalLong from) {
        boolean allowed = topic.equals(own)
                || hub.rules().verdict(watch.principal.get(), ports.topics().audience(topic)).allowed();
        if (!allowed) {
            watch.denied.add(topic);
            return Optional.empty();
        }
        OptionalLong beginning = watch.denied.remove(topic) ? OptionalLong.empty() : from;
        TopicFollower follower =
                new TopicFollower(topic, watch.principal, watch::tell, beginning, lost -> serial.run(() -> lost(watch, lost)));
        TopicFeed.Joined joined = hub.join(follower);
        watch.followers.put(topic, follower);
        return Optional.of(joined);
    }

    private void lost(SessionWatch watch, TopicFollower follower) {
        if (watch.followers.remove(follower.topic(), follower)) {
            watch.denied.add(follower.topic());
            hub.leave(follower);
        }
    }

    private List<Subscription> subscriptions() {
        List<Subscription> now = ports.topics().subscriptions(session, ports.clock().instant());
        subscribed = !now.isEmpty();
        return now;
    }

    private void extend() {
        if (!subscribed) {
            return;
        }
        Instant now = ports.clock().instant();
        ports.topics().keep(session, now, now.plus(Subscription.OUTLIVES_CONNECTIONS));
    }

    private void attempt(Runnable part) {
        try {
            part.run();
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "session=" + session + " cannot look after its topics", away);
        }
    }
}
