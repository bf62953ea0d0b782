package dev.parley.adapter.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import dev.parley.domain.live.Leases;
import dev.parley.domain.live.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.bson.conversions.Bson;

/** Leases by the clocks of those who ask, for what is asked for seldom and may be some seconds off. */
final class MongoLeases implements Leases {
    private final Store store;
    private final InstantSource clock;

    MongoLeases(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public boolean acquire(String name, NodeId owner, Duration ttl) {
        Instant now = clock.instant();
        Bson free = Filters.and(
                Filters.eq("_id", name),
                Filters.or(Filters.eq("owner", owner.value()), Filters.lte("until", Times.nanos(now))));
        Bson taken = Updates.combine(
                Updates.set("owner", owner.value()), Updates.set("until", Times.nanos(now.plus(ttl))));
        return store.guarded(() -> {
            try {
                store.leases().updateOne(free, taken, new UpdateOptions().upsert(true));
                return true;
            } catch (MongoException fault) {
                if (Faults.duplicate(fault)) {
                    return false;
                }
                throw fault;
            }
        });
    }

    @Override
    public void release(String name, NodeId owner) {
        store.guarded(() -> store.leases()
                .deleteOne(Filters.and(Filters.eq("_id", name), Filters.eq("owner", owner.value()))));
    }

    @Override
    public boolean held(String name) {
        Instant now = clock.instant();
        return store.guarded(() -> store.leases()
                .find(Filters.and(Filters.eq("_id", name), Filters.gt("until", Times.nanos(now))))
                .first() != null);
    }
}
