package dev.parley.adapter.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import dev.parley.domain.topic.TopicLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** Entries take their positions by being inserted: whoever comes second finds the place taken and takes the next. */
final class MongoTopicLog implements TopicLog {
    private static final int ATTEMPTS = 2_000;
    /** So many old entries at most are forgotten with one publication. */
    private static final int FORGOTTEN_AT_ONCE = 100;

    private final Store store;
    private final Turns<TopicId> turns = new Turns<>();
    private final Audiences audiences;
    private final Subscriptions subscriptions;

    MongoTopicLog(Store store) {
        this.store = store;
        this.audiences = new Audiences(store, this::last);
        this.subscriptions = new Subscriptions(store, this::last);
    }

    @Override
    public TopicEntry append(TopicId topic, Instant at, Publication publication) {
        return store.guarded(() -> turns.take(topic, () -> {
            TopicEntry entry = insert(topic, at, publication);
            forgetOld(entry);
            return entry;
        }));
    }

    private TopicEntry insert(TopicId topic, Instant at, Publication publication) {
        String name = new ObjectId().toHexString();
        MongoException unanswered = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Long> mine = unanswered == null ? Optional.empty() : named(topic, name);
            long position = mine.orElseGet(() -> last(topic) + 1);
            TopicEntry entry = new TopicEntry(topic, position, at, publication);
            if (mine.isPresent()) {
                return entry;
            }
            try {
                store.entries().insertOne(EntryDocs.write(entry, name));
                return entry;
            } catch (MongoException fault) {
                if (!Faults.duplicate(fault)) {
                    if (unanswered != null || !Faults.ambiguous(fault)) {
                        throw fault;
                    }
                    unanswered = fault;
                }
            }
        }
        throw new UnavailableException("Expected to publish to a topic, found others faster " + ATTEMPTS + " times");
    }

    /** Where the entry stands whose insertion was not answered, if it was done. */
    private Optional<Long> named(TopicId topic, String name) {
        return Optional.ofNullable(
                store.entries()
                        .find(Where.all(Filters.eq("topic", topic.value()), Filters.eq("name", name)))
                        .first())
                .map(doc -> Docs.number(doc, "position"));
    }

    private void forgetOld(TopicEntry newest) {
        if (newest.position() <= KEPT_ENTRIES) {
            return;
        }
        long until = 0;
        for (Document oldest : store.entries()
                .find(Where.all(
                        Filters.eq("topic", newest.topic().value()),
                        Filters.lte("position", newest.position() - KEPT_ENTRIES)))
                .sort(Sorts.ascending("position"))
                .projection(Projections.include("position", "at"))
                .limit(FORGOTTEN_AT_ONCE)) {
            if (!Docs.instant(oldest, "at").isBefore(newest.at().minus(KEPT_FOR))) {
                break;
            }
            until = Docs.number(oldest, "position");
        }
        if (until > 0) {
            store.entries()
                    .deleteMany(Where.all(
                            Filters.eq("topic", newest.topic().value()), Filters.lte("position", until)));
        }
    }

    @Override
    public Stretch after(TopicId topic, long position, int limit) {
        return store.guarded(() -> {
            List<TopicEntry> entries = store.entries()
                    .find(Where.all(Filters.eq("topic", topic.value()), Filters.gt("position", position)))
                    .sort(Sorts.ascending("position"))
                    .limit(Math.max(1, limit))
                    .map(EntryDocs::read)
                    .into(new ArrayList<>());
            if (position < 0 || entries.isEmpty() && last(topic) != position) {
                return new Stretch.Lost();
            }
            for (int at = 0; at < entries.size(); at++) {
                if (entries.get(at).position() != position + at + 1) {
                    return new Stretch.Lost();
                }
            }
            return new Stretch.Entries(entries.subList(0, Math.min(entries.size(), Math.max(0, limit))));
        });
    }

    @Override
    public long newest(TopicId topic) {
        return store.guarded(() -> last(topic));
    }

    private long last(TopicId topic) {
        Document newest = store.entries()
                .find(Filters.eq("topic", topic.value()))
                .sort(Sorts.descending("position"))
                .projection(Projections.include("position"))
                .first();
        return newest == null ? 0 : Docs.number(newest, "position");
    }

    @Override
    public Audience audience(TopicId topic) {
        return store.guarded(() -> audiences.of(topic));
    }

    @Override
    public void setAudience(TopicId topic, Audience audience) {
        store.guarded(() -> audiences.set(topic, audience));
    }

    @Override
    public long admittedAt(TopicId topic, UserId user) {
        return store.guarded(() -> audiences.admittedAt(topic, user));
    }

    @Override
    public Optional<Subscription> subscribe(SessionId session, TopicId topic, Instant now, Instant until) {
        return store.guarded(() -> subscriptions.subscribe(session, topic, now, until));
    }

    @Override
    public boolean unsubscribe(SessionId session, TopicId topic) {
        return store.guarded(() -> subscriptions.unsubscribe(session, topic));
    }

    @Override
    public List<Subscription> subscriptions(SessionId session, Instant now) {
        return store.guarded(() -> subscriptions.of(session, now));
    }

    @Override
    public void keep(SessionId session, Instant now, Instant until) {
        store.guarded(() -> subscriptions.keep(session, now, until));
    }

    @Override
    public List<TopicId> topics(Optional<TopicId> after, int limit) {
        return store.guarded(() -> {
            TreeSet<TopicId> all = new TreeSet<>();
            String behind = after.map(TopicId::value).orElse("");
            store.topics()
                    .find(Filters.gt("_id", behind))
                    .sort(Sorts.ascending("_id"))
                    .limit(limit)
                    .forEach(doc -> all.add(new TopicId(Docs.text(doc, "_id"))));
            store.entries()
                    .aggregate(List.of(
                            Aggregates.match(Filters.gt("topic", behind)),
                            Aggregates.group("$topic"),
                            Aggregates.sort(Sorts.ascending("_id")),
                            Aggregates.limit(limit)))
                    .forEach(doc -> all.add(new TopicId(Docs.text(doc, "_id"))));
            return all.stream().limit(limit).toList();
        });
    }

    @Override
    public void forget(SessionId session) {
        store.guarded(() -> {
            TopicId own = TopicId.of(session);
            Bson entries = Filters.eq("topic", own.value());
            // The newest last: what is left by whoever dies in between is a topic whose past is forgotten.
            store.entries().deleteMany(Where.all(entries, Filters.lt("position", last(own))));
            store.entries().deleteMany(entries);
            store.topics().deleteOne(Filters.eq("_id", own.value()));
            return subscriptions.forget(session);
        });
    }

    /** Removes the subscriptions of sessions in which all ended before {@code before}. */
    void sweep(Instant before) {
        subscriptions.sweep(before.minus(Duration.ofMinutes(1)));
    }
}
