package dev.parley.adapter.mongo;

import com.mongodb.client.model.Sorts;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.UserId;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.types.ObjectId;

final class MongoAuditTrail implements AuditTrail {
    private final Store store;

    MongoAuditTrail(Store store) {
        this.store = store;
    }

    @Override
    public void record(Entry entry) {
        Document doc = new Document("_id", new ObjectId())
                .append("at", Times.nanos(entry.at()))
                .append("by", entry.by().value())
                .append("action", entry.action())
                .append("subject", entry.subject());
        store.guarded(() -> store.audit().insertOne(doc));
    }

    @Override
    public List<Entry> newest(int limit) {
        return store.guarded(() -> store.audit()
                .find()
                .sort(Sorts.descending("at", "_id"))
                .limit(limit)
                .map(doc -> new Entry(
                        Docs.instant(doc, "at"),
                        new UserId(Docs.text(doc, "by")),
                        Docs.text(doc, "action"),
                        Docs.text(doc, "subject")))
                .into(new ArrayList<>()));
    }
}
