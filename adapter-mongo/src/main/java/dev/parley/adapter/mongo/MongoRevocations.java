package dev.parley.adapter.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.access.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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
        revoke(user(user), until);
    }

    private void revoke(String what, Instant until) {
        Faults.guarded(() -> store.revocations()
                .updateOne(
                        Filters.eq("_id", what),
                        Updates.max("until", Times.nanos(until)),
                        new UpdateOptions().upsert(true)));
    }

    @Override
    public boolean revoked(Principal principal) {
        List<String> names = new ArrayList<>(List.of(user(principal.user())));
        principal.tokenId().ifPresent(id -> names.add(token(id)));
        long issued = Times.nanos(principal.issuedAt());
        return Faults.guarded(() -> store.revocations()
                .find(Filters.in("_id", names))
                .into(new ArrayList<>())
                .stream()
                .anyMatch(found -> !Docs.text(found, "_id").equals(names.getFirst()) || issued <= Docs.number(found, "until")));
    }

    private static String token(String id) {
        return "token/" + id;
    }

    private static String user(UserId user) {
        return "user/" + user.value();
    }
}
