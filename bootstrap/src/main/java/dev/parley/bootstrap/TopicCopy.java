package dev.parley.bootstrap;

import dev.parley.domain.access.UserId;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import dev.parley.domain.topic.TopicLog;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Publishes a topic's past again, in order, and lets its audience in where each was. What is forgotten takes its positions as
 * empty notifications of long ago, which the store forgets in its turn.
 */
final class TopicCopy {

    private static final int AT_ONCE = 200;
    private static final Publication FORGOTTEN = new Publication.Notification("{}");

    private final TopicLog from;
    private final TopicLog to;

    TopicCopy(TopicLog from, TopicLog to) {
        this.from = from;
        this.to = to;
    }

    void bring(TopicId topic) {
        NavigableMap<Long, Set<UserId>> admissions = admissions(topic);
        long newest = from.newest(topic);
        long at = to.newest(topic);
        if (at > newest) {
            throw new CorruptDataException(
                    "Expected at most " + newest + " publications in the topic " + topic + " of the other store, found " + at);
        }
        admit(topic, admissions, at);
        while (at < newest) {
            List<TopicEntry> entries = entries(topic, at);
            if (entries.isEmpty()) {
                to.append(topic, StoreCopy.longAgo(), FORGOTTEN);
                at++;
                admit(topic, admissions, at);
            }
            for (TopicEntry entry : entries) {
                to.append(topic, entry.at(), entry.publication());
                at++;
                admit(topic, admissions, at);
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

    private void admit(TopicId topic, NavigableMap<Long, Set<UserId>> admissions, long position) {
        if (!admissions.containsKey(position)) {
            return;
        }
        Set<UserId> until = new TreeSet<>();
        admissions.headMap(position, true).values().forEach(until::addAll);
        to.setAudience(topic, new Audience.Only(until));
    }
}
