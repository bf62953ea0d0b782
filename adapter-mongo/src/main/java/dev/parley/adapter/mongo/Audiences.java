package dev.parley.adapter.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.model.Filters;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.bson.Document;

/**
 * Who may be told of topics, and since when. Somebody is let in with the place left open, and the place is fixed afterwards by
 * whoever asks first: so that nothing which was published before somebody was let in can lie behind it.
 */
final class Audiences {
    private static final int ATTEMPTS = 500;

    private final Store store;
    private final ToLongFunction<TopicId> newest;

    Audiences(Store store, ToLongFunction<TopicId> newest) {
        this.store = store;
        this.newest = newest;
    }

    /** @param users whoever may be told and since when; empty where that is still open. No map for everybody. */
    private record State(long version, Optional<Map<UserId, Optional<Long>>> users) {}

    private State state(TopicId topic) {
        Document doc = store.topics().find(Filters.eq("_id", topic.value())).first();
        if (doc == null) {
            return new State(0, Optional.empty());
        }
        Map<UserId, Optional<Long>> users = new HashMap<>();
        Docs.documents(doc, "users")
                .forEach(user -> users.put(new UserId(Docs.text(user, "user")), Docs.optionalNumber(user, "after")));
        return new State(
                Docs.number(doc, "version"), Docs.truth(doc, "everybody") ? Optional.empty() : Optional.of(users));
    }

    Audience of(TopicId topic) {
        return state(topic).users()
                .<Audience>map(users -> new Audience.Only(users.keySet()))
                .orElseGet(Audience.Everybody::new);
    }

    boolean set(TopicId topic, Audience audience) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            State before = state(topic);
            Optional<Map<UserId, Optional<Long>>> users = switch (audience) {
                case Audience.Everybody everybody -> Optional.empty();
                case Audience.Only only -> Optional.of(only.users()
                        .stream()
                        .collect(Collectors.toMap(user -> user, user -> since(before, user))));
            };
            if (replaced(topic, before, users)) {
                fixed(topic);
                return true;
            }
        }
        throw new UnavailableException("Expected to change who may be told of a topic, found others faster");
    }

    /** Where everybody was told, nobody was left out. */
    private static Optional<Long> since(State before, UserId user) {
        return before.users().isEmpty() ? Optional.of(0L) : before.users().get().getOrDefault(user, Optional.empty());
    }

    private boolean replaced(TopicId topic, State before, Optional<Map<UserId, Optional<Long>>> users) {
        List<Document> docs = new ArrayList<>();
        users.orElse(Map.of()).forEach((user, after) -> {
            Document doc = new Document("user", user.value());
            Docs.put(doc, "after", after);
            docs.add(doc);
        });
        Document now = new Document("_id", topic.value())
                .append("version", before.version() + 1)
                .append("everybody", users.isEmpty())
                .append("users", docs);
        if (before.version() > 0) {
            return store.topics()
                    .replaceOne(Where.all(Filters.eq("_id", topic.value()), Filters.eq("version", before.version())), now)
                    .getMatchedCount() == 1;
        }
        try {
            store.topics().insertOne(now);
            return true;
        } catch (MongoException fault) {
            if (Faults.duplicate(fault)) {
                return false;
            }
            throw fault;
        }
    }

    /** Fixes the places that are open: behind everything that was published until now. */
    private State fixed(TopicId topic) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            State state = state(topic);
            Map<UserId, Optional<Long>> users = state.users().orElse(Map.of());
            if (users.values().stream().allMatch(Optional::isPresent)) {
                return state;
            }
            Optional<Long> now = Optional.of(newest.applyAsLong(topic));
            Map<UserId, Optional<Long>> all = new HashMap<>(users);
            all.replaceAll((user, after) -> after.isPresent() ? after : now);
            if (replaced(topic, state, Optional.of(all))) {
                return new State(state.version() + 1, Optional.of(all));
            }
        }
        throw new UnavailableException("Expected to read who may be told of a topic, found others faster");
    }

    long admittedAt(TopicId topic, UserId user) {
        Optional<Map<UserId, Optional<Long>>> users = fixed(topic).users();
        return users.isEmpty()
                ? 0
                : users.get().getOrDefault(user, Optional.empty()).orElseGet(() -> newest.applyAsLong(topic));
    }
}
