package dev.parley.testkit.store;

import dev.parley.domain.access.UserId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import dev.parley.domain.topic.TopicLog;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

final class MemoryTopicLog implements TopicLog {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<TopicId, Feed> feeds = new HashMap<>();
    private final Map<TopicId, Audience> audiences = new HashMap<>();
    private final Map<TopicId, Map<UserId, Long>> admitted = new HashMap<>();
    private final Map<SessionId, Map<TopicId, Subscribed>> subscriptions = new HashMap<>();

    private static final class Feed {
        private final Deque<TopicEntry> entries = new ArrayDeque<>();
        private long newest;
    }

    private record Subscribed(Subscription subscription, Instant until) {}

    @Override
    public TopicEntry append(TopicId topic, Instant at, Publication publication) {
        return locked(() -> {
            Feed feed = feeds.computeIfAbsent(topic, unused -> new Feed());
            TopicEntry entry = new TopicEntry(topic, ++feed.newest, at, publication);
            feed.entries.add(entry);
            while (feed.entries.size() > KEPT_ENTRIES
                    && feed.entries.getFirst().at().isBefore(at.minus(KEPT_FOR))) {
                feed.entries.removeFirst();
            }
            return entry;
        });
    }

    @Override
    public Stretch after(TopicId topic, long position, int limit) {
        return locked(() -> {
            Feed feed = feeds.getOrDefault(topic, new Feed());
            long oldest = feed.newest - feed.entries.size();
            return position < oldest || position > feed.newest
                    ? new Stretch.Lost()
                    : new Stretch.Entries(feed.entries.stream()
                            .skip(position - oldest)
                            .limit(limit)
                            .toList());
        });
    }

    @Override
    public long newest(TopicId topic) {
        return locked(() -> feeds.getOrDefault(topic, new Feed()).newest);
    }

    @Override
    public Audience audience(TopicId topic) {
        return locked(() -> audiences.getOrDefault(topic, new Audience.Everybody()));
    }

    @Override
    public void setAudience(TopicId topic, Audience audience) {
        locked(() -> {
            boolean everybody = audiences.getOrDefault(topic, new Audience.Everybody()) instanceof Audience.Everybody;
            long now = everybody ? 0 : feeds.getOrDefault(topic, new Feed()).newest;
            Map<UserId, Long> before = admitted.getOrDefault(topic, Map.of());
            Map<UserId, Long> after = new HashMap<>();
            if (audience instanceof Audience.Only only) {
                only.users().forEach(user -> after.put(user, before.getOrDefault(user, now)));
            }
            admitted.put(topic, after);
            return audiences.put(topic, audience);
        });
    }

    @Override
    public long admittedAt(TopicId topic, UserId user) {
        return locked(() -> audiences.getOrDefault(topic, new Audience.Everybody()) instanceof Audience.Everybody
                ? 0L
                : admitted.getOrDefault(topic, Map.of())
                        .getOrDefault(user, feeds.getOrDefault(topic, new Feed()).newest));
    }

    @Override
    public Optional<Subscription> subscribe(SessionId session, TopicId topic, Instant now, Instant until) {
        return locked(() -> {
            Map<TopicId, Subscribed> mine = living(session, now);
            Subscribed before = mine.get(topic);
            if (before == null && mine.size() >= Subscription.MAX_PER_SESSION) {
                return Optional.empty();
            }
            Subscription subscription = before == null
                    ? new Subscription(topic, feeds.getOrDefault(topic, new Feed()).newest)
                    : before.subscription();
            mine.put(topic, new Subscribed(subscription, before == null ? until : later(before.until(), until)));
            return Optional.of(subscription);
        });
    }

    @Override
    public boolean unsubscribe(SessionId session, TopicId topic) {
        return locked(() -> subscriptions.getOrDefault(session, new HashMap<>()).remove(topic) != null);
    }

    @Override
    public List<Subscription> subscriptions(SessionId session, Instant now) {
        return locked(() -> subscriptions.getOrDefault(session, Map.of())
                .values()
                .stream()
                .filter(subscribed -> subscribed.until().isAfter(now))
                .map(Subscribed::subscription)
                .toList());
    }

    @Override
    public void keep(SessionId session, Instant now, Instant until) {
        locked(() -> {
            living(session, now)
                    .replaceAll((topic, mine) -> new Subscribed(mine.subscription(), later(mine.until(), until)));
            return true;
        });
    }

    @Override
    public List<TopicId> topics(Optional<TopicId> after, int limit) {
        return locked(() -> {
            TreeSet<TopicId> all = new TreeSet<>(audiences.keySet());
            feeds.forEach((topic, feed) -> {
                if (feed.newest > 0) {
                    all.add(topic);
                }
            });
            return all.stream()
                    .filter(topic -> after.isEmpty() || topic.compareTo(after.get()) > 0)
                    .limit(limit)
                    .toList();
        });
    }

    @Override
    public void forget(SessionId session) {
        locked(() -> {
            subscriptions.remove(session);
            return feeds.remove(TopicId.of(session));
        });
    }

    private Map<TopicId, Subscribed> living(SessionId session, Instant now) {
        Map<TopicId, Subscribed> all = subscriptions.computeIfAbsent(session, unused -> new TreeMap<>());
        all.values().removeIf(subscribed -> !subscribed.until().isAfter(now));
        return all;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
