package dev.parley.adapter.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Updates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.types.ObjectId;

/** Removes what is seen by nobody: what ended, what purges and processes that died left behind. */
final class Sweep {
    /** Longer than anything takes that is still going on. */
    private static final Duration SETTLED = Duration.ofHours(1);

    /** Longer than anybody puts a file together, looks at it or reads it. */
    private static final Duration UNREAD = Duration.ofDays(1);

    private final Store store;
    private final Heads heads;
    private final Remains remains;
    private final MongoTopicLog topics;
    private final GridBlobStore blobs;

    Sweep(Store store, Heads heads, MongoTopicLog topics, GridBlobStore blobs) {
        this.store = store;
        this.heads = heads;
        this.remains = new Remains(store);
        this.topics = topics;
        this.blobs = blobs;
    }

    void run(Instant now) {
        Instant before = now.minus(SETTLED);
        heads.projection().settleAll();
        topics.sweep(now);
        purged(before);
        abandoned(name(before));
        blobs.sweep(now.minus(UNREAD));
    }

    private static String name(Instant at) {
        return new ObjectId(Date.from(at)).toHexString();
    }

    /** Removes once more what a purge removed, since a step that was under way may have brought something back. */
    private void purged(Instant before) {
        for (Document doc : store.sessions()
                .find(Filters.gt("purged", ""))
                .projection(Projections.include("purged", "gone", "version", "recent"))
                .into(new ArrayList<>())) {
            List<String> lives = Docs.texts(doc, "purged");
            lives.forEach(remains::remove);
            boolean quiet = Docs.texts(doc, "recent").stream().allMatch(step -> step.compareTo(name(before)) < 0);
            if (!quiet) {
                continue;
            }
            var same = Where.all(
                    Filters.eq("_id", Docs.text(doc, "_id")), Filters.eq("version", Docs.number(doc, "version")));
            if (Docs.truth(doc, "gone")) {
                store.sessions().deleteOne(same);
            } else {
                store.sessions().updateOne(same, Updates.unset("purged"));
            }
        }
    }

    /** Gives back the message ids, and drops the effects, of steps that were begun before {@code name} and never committed. */
    private void abandoned(String name) {
        store.messages().deleteMany(Where.all(Filters.lt("stub.step", name), Filters.eq("rev", 0L)));
        store.steps().deleteMany(Filters.lt("step", name));
    }
}
