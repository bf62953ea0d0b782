package dev.parley.adapter.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.access.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Asks each time, since any node may revoke: one read by key. */
final class MongoRevocations implements Revocations {
    private final Store store;

    MongoRevocations(Store store) {
        this.store = store;
    }

    @Override
    public void revokeToken(String tokenId, Instant at) {
        revoke(token(tokenId), at);
    }

    @Override
    public void revokeUser(UserId user, Instant until) {
        revoke(user(user.value()), until);
    }

    private void revoke(String what, Instant until) {
        store.guarded(() -> store.revocations()
                .updateOne(
                        Filters.eq("_id", what),
                        Updates.max("until", Times.nanos(until)),
                        new UpdateOptions().upsert(true)));
    }

    @Override
    public boolean revoked(Principal principal) {
        List<String> names = new ArrayList<>(List.of(user(principal.user().value())));
        principal.tokenId().ifPresent(id -> names.add(token(id)));
        long issued = Times.nanos(principal.issuedAt());
        return store.guarded(() -> store.revocations()
                .find(Filters.in("_id", names))
                .into(new ArrayList<>())
                .stream()
                .anyMatch(found -> !Docs.text(found, "_id").equals(names.getFirst()) || issued <= Docs.number(found, "until")));
    }

    private static String token(String id) {
        return "token/" + id;
    }

    private static String user(String id) {
        return "user/" + id;
    }

    @Override
    public List<Token> tokens(Optional<String> after, int limit) {
        return listed(token(""), after.map(MongoRevocations::token), limit, (name, at) -> new Token(name, at));
    }

    @Override
    public List<User> users(Optional<UserId> after, int limit) {
        return listed(user(""), after.map(UserId::value).map(MongoRevocations::user), limit,
                (name, until) -> new User(new UserId(name), until));
    }

    /** @param prefix what the names of a kind begin with, a slash at its end: the character behind it ends them */
    private <T> List<T> listed(
            String prefix, Optional<String> after, int limit, BiFunction<String, Instant, T> made) {
        return store.guarded(() -> store.revocations()
                .find(Where.all(Filters.gt("_id", after.orElse(prefix)), Filters.lt("_id", prefix.replace('/', '0'))))
                .sort(Sorts.ascending("_id"))
                .limit(limit)
                .into(new ArrayList<>())
                .stream()
                .map(doc -> made.apply(
                        Docs.text(doc, "_id").substring(prefix.length()), Times.instant(Docs.number(doc, "until"))))
                .toList());
    }
}
