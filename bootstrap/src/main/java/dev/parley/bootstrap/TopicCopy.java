package dev.parley.bootstrap;

import dev.parley.domain.access.UserId;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import dev.parley.domain.topic.TopicLog;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Publishes a topic's past again, in order, and lets its audience and its subscribers in where each was. What is forgotten takes its
 * positions as empty notifications of long ago, which the store forgets in its turn.
 */
final class TopicCopy {

    private static final int AT_ONCE = 200;
    private static final Publication FORGOTTEN = new Publication.Notification("{}");

    private final TopicLog from;
    private final TopicLog to;
    private final Instant now;

    TopicCopy(TopicLog from, TopicLog to, Instant now) {
        this.from = from;
        this.to = to;
        this.now = now;
    }

    /** @param subscribers sessions by the position after which they are told */
    void bring(TopicId topic, SortedMap<Long, Set<SessionId>> subscribers) {
        NavigableMap<Long, Set<UserId>> admissions = admissions(topic);
        long newest = from.newest(topic);
        long at = to.newest(topic);
        if (at > newest) {
            throw new CorruptDataException(
                    "Expected at most " + newest + " publications in the topic " + topic + " of the other store, found " + at);
        }
        // First where it is by now: what broke off may have published the last without letting anybody in behind it.
        letIn(topic, admissions, subscribers, at);
        while (at < newest) {
            List<TopicEntry> entries = entries(topic, at);
            if (entries.isEmpty()) {
                to.append(topic, Instant.EPOCH, FORGOTTEN);
                letIn(topic, admissions, subscribers, ++at);
            }
            for (TopicEntry entry : entries) {
                to.append(topic, entry.at(), entry.publication());
                letIn(topic, admissions, subscribers, ++at);
            }
        }
    }

    private List<TopicEntry> entries(TopicId topic, long after) {
        return switch (from.after(topic, after, AT_ONCE)) {
            case TopicLog.Stretch.Entries(List<TopicEntry> entries) -> entries;
            case TopicLog.Stretch.Lost() -> List.of();
        };
    }

    /** Who was let in after which position; empty for a topic that is open to everybody. */
    private NavigableMap<Long, Set<UserId>> admissions(TopicId topic) {
        TreeMap<Long, Set<UserId>> admissions = new TreeMap<>();
        if (from.audience(topic) instanceof Audience.Only(Set<UserId> users)) {
            admissions.put(0L, new TreeSet<>());
            users.forEach(user -> admissions
                    .computeIfAbsent(from.admittedAt(topic, user), unused -> new TreeSet<>())
                    .add(user));
        }
        return admissions;
    }

    private void letIn(
            TopicId topic,
            NavigableMap<Long, Set<UserId>> admissions,
            SortedMap<Long, Set<SessionId>> subscribers,
            long position) {
        if (admissions.containsKey(position)) {
            Set<UserId> until = new TreeSet<>();
            admissions.headMap(position, true).values().forEach(until::addAll);
            to.setAudience(topic, new Audience.Only(until));
        }
        if (subscribers.containsKey(position)) {
            // When they end nobody can be asked; they live on as after a start of the server.
            Instant end = now.plus(Subscription.OUTLIVES_CONNECTIONS);
            subscribers.get(position).forEach(session -> to.subscribe(session, topic, now, end));
        }
    }
}
