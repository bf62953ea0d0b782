package dev.parley.adapter.mongo;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Does much in pieces, each of which ends long before anybody's patience does. */
final class Piecemeal {
    /** So many documents make a piece. */
    static final int SIZE = 2_000;

    private Piecemeal() {}

    /** Deletes all that match, at most {@code size} at once. */
    static void delete(MongoCollection<Document> collection, Bson filter, int size) {
        List<Object> ids;
        do {
            ids = collection.find(filter)
                    .projection(Projections.include("_id"))
                    .limit(size)
                    .map(doc -> doc.get("_id"))
                    .into(new ArrayList<>());
            if (!ids.isEmpty()) {
                collection.deleteMany(Filters.in("_id", ids));
            }
        } while (ids.size() == size);
    }

    /** Hands on all that are in {@code items}, at most {@code size} at once. */
    static <T> void each(Iterable<T> items, int size, Consumer<List<T>> what) {
        List<T> piece = new ArrayList<>();
        for (T item : items) {
            piece.add(item);
            if (piece.size() == size) {
                what.accept(List.copyOf(piece));
                piece.clear();
            }
        }
        if (!piece.isEmpty()) {
            what.accept(List.copyOf(piece));
        }
    }
}
