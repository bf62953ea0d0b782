package dev.parley.protocols.topics;

import dev.parley.application.Link;
import dev.parley.application.Watching;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import dev.parley.protocols.chat.ScriptedEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One session and some topics without an engine: does what commands say in the plainest way and tells it as events. */
final class ScriptedTopics {

    final ScriptedEngine session;
    private final Map<TopicId, List<TopicEntry>> logs = new HashMap<>();
    private final Map<TopicId, Long> subscriptions = new TreeMap<>();
    private final Set<TopicId> closed = new HashSet<>();
    private Optional<Link.Watched> watched = Optional.empty();

    ScriptedTopics(ScriptedEngine session) {
        this.session = session;
    }

    static ScriptedTopics of(String user) {
        return new ScriptedTopics(new ScriptedEngine(
                new SessionId("test-session"), new UserId(user), java.time.Instant.parse("2026-11-21T12:00:00.123Z")));
    }

    @SuppressWarnings("unchecked")
    <R> Outcome<R> handle(Command<R> command) {
        return switch (command) {
            case Command.Subscribe subscribe -> (Outcome<R>) subscribe(subscribe.topic());
            case Command.Unsubscribe unsubscribe -> {
                subscriptions.remove(unsubscribe.topic());
                yield (Outcome<R>) Outcome.done(Nothing.NOTHING);
            }
            default -> session.handle(command);
        };
    }

    private Outcome<Subscription> subscribe(TopicId topic) {
        if (closed.contains(topic)) {
            return Outcome.refused(ErrorCode.FORBIDDEN, "Expected somebody in the audience");
        }
        subscriptions.putIfAbsent(topic, newest(topic));
        return Outcome.done(new Subscription(topic, subscriptions.get(topic)));
    }

    Outcome<Watching> watch(Link.Watched what, Optional<Map<TopicId, Long>> known) {
        if (what instanceof Link.Watched.OfTopic(TopicId topic) && closed.contains(topic)) {
            return Outcome.refused(ErrorCode.FORBIDDEN, "Expected somebody in the audience");
        }
        watched = Optional.of(what);
        Map<TopicId, Long> positions = new HashMap<>();
        boolean whole = true;
        for (TopicId topic : topics()) {
            long newest = newest(topic);
            long since = known.map(places -> places.getOrDefault(topic, subscriptions.getOrDefault(topic, newest)))
                    .orElse(newest);
            whole &= since <= newest;
            positions.put(topic, Math.min(since, newest));
            log(topic).stream()
                    .filter(entry -> entry.position() > since)
                    .forEach(entry -> session.tell(new Event.Published(entry)));
        }
        if (known.isPresent()) {
            session.tell(new Event.TopicsCaughtUp(whole));
        }
        return Outcome.done(new Watching(positions));
    }

    void publish(TopicId topic, Publication publication) {
        TopicEntry entry = new TopicEntry(topic, newest(topic) + 1, session.now, publication);
        log(topic).add(entry);
        if (topics().contains(topic)) {
            session.tell(new Event.Published(entry));
        }
    }

    /** Nobody may be told of it any more. */
    void shut(TopicId topic) {
        closed.add(topic);
        if (topics().contains(topic)) {
            subscriptions.remove(topic);
            session.tell(new Event.TopicLost(topic));
        }
    }

    private Set<TopicId> topics() {
        return switch (watched.orElse(null)) {
            case null -> Set.of();
            case Link.Watched.OfTopic(TopicId topic) -> Set.of(topic);
            case Link.Watched.OfSession(SessionId id) -> {
                Set<TopicId> all = new TreeSet<>(subscriptions.keySet());
                all.add(TopicId.of(id));
                yield all;
            }
        };
    }

    private long newest(TopicId topic) {
        return log(topic).size();
    }

    private List<TopicEntry> log(TopicId topic) {
        return logs.computeIfAbsent(topic, unused -> new ArrayList<>());
    }
}
