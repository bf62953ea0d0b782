package dev.parley.adapter.mongo;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import dev.parley.domain.session.SessionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Brings the effects of committed steps to where they are read. Any node may, at any time, and as often as it likes. */
final class Projection {
    /**
     * How much stands where.
     *
     * @param aside effects that are larger stand apart from their session
     * @param part no part of them is larger, unless a single operation is
     */
    record Sizes(long aside, long part) {
        static final Sizes DEFAULT = new Sizes(128 * 1024, 4L * 1024 * 1024);
    }

    private static final System.Logger LOG = System.getLogger(Projection.class.getName());

    private static final BulkWriteOptions ANY_ORDER = new BulkWriteOptions().ordered(false);

    private final Store store;
    private final Sizes sizes;
    /** Sessions of which it was said that they cannot be settled. */
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    Projection(Store store, Sizes sizes) {
        this.store = store;
        this.sizes = sizes;
    }

    /** Effects that are safe to be committed: what is too large for the session's document is stored before. */
    Effects prepare(String step, String life, long version, List<Document> operations) {
        if (Docs.weight(operations) <= sizes.aside()) {
            return new Effects(step, version, 0, operations);
        }
        List<List<Document>> parts = parts(operations);
        for (int part = 0; part < parts.size(); part++) {
            store.steps()
                    .insertOne(new Document("_id", Effects.partId(step, part))
                            .append("step", step)
                            .append("life", life)
                            .append("operations", parts.get(part)));
        }
        return new Effects(step, version, parts.size(), List.of());
    }

    private List<List<Document>> parts(List<Document> operations) {
        List<List<Document>> parts = new ArrayList<>();
        List<Document> part = new ArrayList<>();
        long weight = 0;
        for (Document operation : operations) {
            long more = Docs.weight(operation);
            if (weight + more > sizes.part() && !part.isEmpty()) {
                parts.add(List.copyOf(part));
                part.clear();
                weight = 0;
            }
            part.add(operation);
            weight += more;
        }
        parts.add(List.copyOf(part));
        return parts;
    }

    /** Drops what was prepared for a step that did not come to be. */
    void drop(Effects effects) {
        if (effects.parts() > 0) {
            store.steps().deleteMany(parts(effects));
        }
    }

    private static Bson parts(Effects effects) {
        return Filters.in(
                "_id",
                IntStream.range(0, effects.parts()).mapToObj(part -> Effects.partId(effects.step(), part)).toList());
    }

    /** Does what the newest step of the session left to do, if it left anything. */
    void settle(Head head) {
        head.effects().ifPresent(effects -> settle(head.session().id(), head.life(), effects));
    }

    void settle(SessionId session, String life, Effects effects) {
        Operations.Writes writes = new Operations.Writes(session.value(), life, effects.version());
        effects.operations().forEach(writes::add);
        if (effects.parts() > 0) {
            List<Document> parts = store.steps().find(parts(effects)).into(new ArrayList<>());
            if (parts.size() < effects.parts()) {
                // Somebody else has done it all, and removed the parts.
                return;
            }
            parts.forEach(part -> Docs.documents(part, "operations").forEach(writes::add));
        }
        write(store.messages(), writes.messages);
        write(store.versions(), writes.versions);
        write(store.attachments(), writes.attachments);
        write(store.files(), writes.files);
        add(writes.changes);
        writes.forgetUntil.ifPresent(until -> Piecemeal.delete(
                store.changes(), Where.all(Filters.eq("life", life), Filters.lte("position", until)), Piecemeal.SIZE));
        store.sessions()
                .updateOne(
                        Where.all(Filters.eq("_id", session.value()), Filters.eq("effects.step", effects.step())),
                        Updates.unset("effects"));
        drop(effects);
    }

    private static void write(MongoCollection<Document> collection, List<WriteModel<Document>> writes) {
        if (writes.isEmpty()) {
            return;
        }
        try {
            collection.bulkWrite(writes, ANY_ORDER);
        } catch (MongoBulkWriteException there) {
            ignoreDuplicates(there);
        }
    }

    private void add(List<Document> changes) {
        if (changes.isEmpty()) {
            return;
        }
        try {
            store.changes().insertMany(changes, new InsertManyOptions().ordered(false));
        } catch (MongoBulkWriteException there) {
            ignoreDuplicates(there);
        }
    }

    /** What is there already was written by whoever did the same, or by a later step. */
    private static void ignoreDuplicates(MongoException fault) {
        if (!Faults.duplicate(fault)) {
            throw fault;
        }
    }

    /**
     * Does what any step of any session left to do: for those who look for something without knowing its session. What one session
     * left and cannot be done keeps nobody from the others.
     */
    void settleAll() {
        Set<String> failing = new HashSet<>();
        for (Document doc : store.sessions()
                .find(Filters.exists("effects.step"))
                .projection(Projections.include("life", "effects"))
                .into(new ArrayList<>())) {
            String session = Docs.text(doc, "_id");
            try {
                settle(new SessionId(session), Docs.text(doc, "life"), Effects.read(Docs.document(doc, "effects")));
            } catch (MongoException fault) {
                if (Faults.away(fault)) {
                    throw fault;
                }
                failing.add(session);
                report(session, fault);
            } catch (RuntimeException unreadable) {
                failing.add(session);
                report(session, unreadable);
            }
        }
        reported.retainAll(failing);
    }

    /** Once for each session as long as it is so: this is looked at again and again. */
    private void report(String session, RuntimeException fault) {
        if (reported.add(session)) {
            LOG.log(System.Logger.Level.ERROR, "session=" + session + " cannot be brought up to its last step", fault);
        }
    }
}
