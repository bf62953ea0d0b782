package dev.parley.adapter.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.model.Filters;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.bson.Document;
import org.bson.types.ObjectId;

/** What sessions are subscribed to: one small document for each session. */
final class Subscriptions {
    private static final int ATTEMPTS = 500;

    private final Store store;
    private final ToLongFunction<TopicId> newest;
    private final Turns<SessionId> turns = new Turns<>();

    Subscriptions(Store store, ToLongFunction<TopicId> newest) {
        this.store = store;
        this.newest = newest;
    }

    private record Lease(long since, Instant until) {}

    /** @param now what is to be there afterwards; empty where nothing changes */
    private record Turn<T>(T result, Optional<Map<TopicId, Lease>> now) {}

    Optional<Subscription> subscribe(SessionId session, TopicId topic, Instant now, Instant until) {
        return change(session, there -> {
            Map<TopicId, Lease> living = living(there, now);
            Lease before = living.get(topic);
            if (before == null && living.size() >= Subscription.MAX_PER_SESSION) {
                return new Turn<>(Optional.empty(), Optional.empty());
            }
            Lease lease = before == null
                    ? new Lease(newest.applyAsLong(topic), until)
                    : new Lease(before.since(), later(before.until(), until));
            living.put(topic, lease);
            return new Turn<>(Optional.of(new Subscription(topic, lease.since())), Optional.of(living));
        });
    }

    boolean unsubscribe(SessionId session, TopicId topic) {
        return change(session, there -> there.remove(topic) == null
                ? new Turn<>(false, Optional.empty())
                : new Turn<>(true, Optional.of(there)));
    }

    List<Subscription> of(SessionId session, Instant now) {
        return living(leases(read(session)), now).entrySet()
                .stream()
                .map(lease -> new Subscription(lease.getKey(), lease.getValue().since()))
                .toList();
    }

    boolean keep(SessionId session, Instant now, Instant until) {
        return change(session, there -> {
            Map<TopicId, Lease> living = living(there, now);
            Map<TopicId, Lease> kept = new TreeMap<>(living);
            kept.replaceAll((topic, lease) -> new Lease(lease.since(), later(lease.until(), until)));
            return new Turn<>(true, kept.equals(there) ? Optional.empty() : Optional.of(kept));
        });
    }

    boolean forget(SessionId session) {
        return store.subscriptions().deleteOne(Filters.eq("_id", session.value())).getDeletedCount() == 1;
    }

    void sweep(Instant before) {
        store.subscriptions().deleteMany(Filters.lt("until", Times.nanos(before)));
    }

    private static Map<TopicId, Lease> living(Map<TopicId, Lease> there, Instant now) {
        Map<TopicId, Lease> living = new TreeMap<>(there);
        living.values().removeIf(lease -> !lease.until().isAfter(now));
        return living;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private Optional<Document> read(SessionId session) {
        return Optional.ofNullable(store.subscriptions().find(Filters.eq("_id", session.value())).first());
    }

    private static Map<TopicId, Lease> leases(Optional<Document> doc) {
        Map<TopicId, Lease> leases = new TreeMap<>();
        doc.ifPresent(found -> Docs.documents(found, "topics")
                .forEach(lease -> leases.put(
                        new TopicId(Docs.text(lease, "topic")),
                        new Lease(Docs.number(lease, "since"), Docs.instant(lease, "until")))));
        return leases;
    }

    private <T> T change(SessionId session, Function<Map<TopicId, Lease>, Turn<T>> how) {
        return turns.take(session, () -> {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Optional<Document> before = read(session);
                Turn<T> turn = how.apply(leases(before));
                Optional<String> stamp = before.map(doc -> Docs.text(doc, "stamp"));
                if (turn.now().isEmpty() || replaced(session, stamp, turn.now().get())) {
                    return turn.result();
                }
            }
            throw new UnavailableException("Expected to change what a session is subscribed to, found others faster");
        });
    }

    private boolean replaced(SessionId session, Optional<String> stamp, Map<TopicId, Lease> leases) {
        Document now = new Document("_id", session.value())
                .append("stamp", new ObjectId().toHexString())
                .append("until", leases.values().stream().map(Lease::until).mapToLong(Times::nanos).max().orElse(Long.MIN_VALUE))
                .append(
                        "topics",
                        leases.entrySet()
                                .stream()
                                .map(lease -> new Document("topic", lease.getKey().value())
                                        .append("since", lease.getValue().since())
                                        .append("until", Times.nanos(lease.getValue().until())))
                                .toList());
        if (stamp.isPresent()) {
            return store.subscriptions()
                    .replaceOne(Where.all(Filters.eq("_id", session.value()), Filters.eq("stamp", stamp.get())), now)
                    .getMatchedCount() == 1;
        }
        try {
            store.subscriptions().insertOne(now);
            return true;
        } catch (MongoException fault) {
            if (Faults.duplicate(fault)) {
                return false;
            }
            throw fault;
        }
    }
}
