package dev.parley.adapter.mongo;

import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.bson.Document;
import org.bson.conversions.Bson;

final class MongoSessionStore implements SessionStore {
    private static final Bson MOST_RECENT_FIRST = Sorts.orderBy(Sorts.descending("lastActivity"), Sorts.ascending("_id"));
    /** The index knows them by it; what is left of a purged session has none. */
    private static final Bson ALIVE = Filters.gte("lastActivity", Long.MIN_VALUE);

    private final Store store;
    private final Steps steps;
    private final FeedReader feed;
    private final Remains remains;

    MongoSessionStore(Store store, Heads heads, Steps steps) {
        this.store = store;
        this.steps = steps;
        this.feed = new FeedReader(store, heads);
        this.remains = new Remains(store);
    }

    @Override
    public <T> T write(SessionId session, Work<T> work) {
        Steps.refuseInside();
        return store.guarded(() -> steps.take(session, work::run));
    }

    @Override
    public Optional<Session> find(SessionId id) {
        return store.guarded(() -> Optional.ofNullable(
                store.sessions().find(Filters.eq("_id", id.value())).projection(Projections.exclude("effects")).first())
                .flatMap(SessionDocs::optional));
    }

    @Override
    public Page<Session> of(UserId user, PageRequest request) {
        return page(Filters.eq("members.user", user.value()), request);
    }

    @Override
    public Page<Session> all(PageRequest request) {
        return page(ALIVE, request);
    }

    /** Orders by the little that it takes, and only then reads what is in the part. */
    private Page<Session> page(Bson filter, PageRequest request) {
        return store.guarded(() -> {
            List<String> ids = store.sessions()
                    .aggregate(List.of(
                            Aggregates.match(filter),
                            Aggregates.project(Projections.include("lastActivity")),
                            Aggregates.sort(MOST_RECENT_FIRST),
                            Aggregates.skip(request.offset()),
                            Aggregates.limit(request.limit())))
                    .map(doc -> Docs.text(doc, "_id"))
                    .into(new ArrayList<>());
            Map<String, Session> sessions = new HashMap<>();
            store.sessions()
                    .find(Filters.in("_id", ids))
                    .projection(Projections.exclude("effects"))
                    .forEach(doc -> SessionDocs.optional(doc).ifPresent(session -> sessions.put(session.id().value(), session)));
            List<Session> part = ids.stream().filter(sessions::containsKey).map(sessions::get).toList();
            return new Page<>(part, Math.max(part.size(), store.sessions().countDocuments(filter)));
        });
    }

    @Override
    public Feed changesAfter(SessionId session, long position, int limit) {
        return store.guarded(() -> feed.after(session, position, limit));
    }

    @Override
    public void touch(SessionId session, Instant at) {
        store.guarded(() -> store.sessions()
                .updateOne(
                        Where.all(Filters.eq("_id", session.value()), Filters.lt("lastActivity", Times.nanos(at))),
                        Updates.set("lastActivity", Times.nanos(at))));
    }

    @Override
    public void reach(SessionId session, UserId user, long position) {
        store.guarded(() -> {
            life(session).ifPresent(life -> store.reaches()
                    .updateOne(
                            Filters.eq("_id", life + "/" + user.value()),
                            Updates.combine(Updates.max("position", position), Updates.set("life", life)),
                            new UpdateOptions().upsert(true)));
            return true;
        });
    }

    @Override
    public OptionalLong reachOf(SessionId session, UserId user) {
        Optional<Long> found = store.guarded(() -> life(session).flatMap(life -> Optional.ofNullable(
                store.reaches().find(Filters.eq("_id", life + "/" + user.value())).first())
                .map(doc -> Docs.number(doc, "position"))));
        return found.isPresent() ? OptionalLong.of(found.get()) : OptionalLong.empty();
    }

    private Optional<String> life(SessionId session) {
        return Optional.ofNullable(
                store.sessions().find(Filters.eq("_id", session.value())).projection(Projections.include("life")).first())
                .flatMap(doc -> Docs.optionalText(doc, "life"));
    }

    @Override
    public List<SessionId> quietSince(Instant before, int limit) {
        return store.guarded(() -> store.sessions()
                .find(Filters.lt("lastActivity", Times.nanos(before)))
                .sort(Sorts.orderBy(Sorts.ascending("lastActivity"), Sorts.descending("_id")))
                .projection(Projections.include("_id"))
                .limit(limit)
                .map(MongoSessionStore::id)
                .into(new ArrayList<>()));
    }

    private static SessionId id(Document doc) {
        return new SessionId(Docs.text(doc, "_id"));
    }

    @Override
    public long forgetChanges(Instant before) {
        return store.guarded(() -> {
            long forgotten = 0;
            for (SessionId session : store.sessions()
                    .find(Where.all(Filters.lt("oldest", Times.nanos(before)), Filters.gt("kept", 1L)))
                    .projection(Projections.include("_id"))
                    .map(MongoSessionStore::id)
                    .into(new ArrayList<>())) {
                forgotten += steps.<Long>takeAlone(session, step -> step.forget(before));
            }
            return forgotten;
        });
    }

    @Override
    public boolean purge(SessionId session) {
        return store.guarded(() -> {
            Optional<String> ended = steps.takeAlone(
                    session, step -> step.purge() ? Optional.of(step.life()) : Optional.empty());
            ended.ifPresent(remains::remove);
            return ended.isPresent();
        });
    }

    /** The sessions that have such an attachment, of those that are there. */
    List<SessionId> with(Bson files) {
        return store.files()
                .find(files)
                .map(doc -> Map.entry(new SessionId(Docs.text(doc, "session")), Docs.text(doc, "life")))
                .into(new ArrayList<>())
                .stream()
                .filter(home -> life(home.getKey()).filter(home.getValue()::equals).isPresent())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
