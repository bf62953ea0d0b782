package dev.parley.adapter.mongo;

import com.mongodb.MongoClientSettings;
import com.mongodb.client.model.Filters;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;

/** Puts conditions together in the plain form, in which every server sees that one of them names the document. */
final class Where {
    private Where() {}

    static Bson all(Bson... conditions) {
        BsonDocument all = new BsonDocument();
        for (Bson condition : conditions) {
            BsonDocument rendered = condition.toBsonDocument(BsonDocument.class, MongoClientSettings.getDefaultCodecRegistry());
            if (rendered.keySet().stream().anyMatch(all::containsKey)) {
                return Filters.and(conditions);
            }
            all.putAll(rendered);
        }
        return all;
    }
}
