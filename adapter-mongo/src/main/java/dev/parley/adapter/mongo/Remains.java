package dev.parley.adapter.mongo;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/** What is left of a session whose life has ended: nobody sees it any more, and it is removed as often as it takes. */
final class Remains {
    private final Store store;

    Remains(Store store) {
        this.store = store;
    }

    void remove(String life) {
        Bson theirs = Filters.eq("life", life);
        for (MongoCollection<Document> collection : List.of(
                store.messages(), store.versions(), store.files(), store.reaches(), store.steps(), store.changes())) {
            Piecemeal.delete(collection, theirs, Piecemeal.SIZE);
        }
    }
}
