package dev.parley.adapter.mongo;

import java.util.List;
import org.bson.Document;

/**
 * What a step that is committed does outside its session's document: it is done by whoever comes first, as often as it takes.
 *
 * @param step the step's name
 * @param version the session's version that the step made
 * @param parts how many documents of the collection of large steps hold the operations; 0 when they stand here
 * @param operations as {@link Operations} makes them
 */
record Effects(String step, long version, int parts, List<Document> operations) {

    static Effects read(Document doc) {
        return new Effects(
                Docs.text(doc, "step"),
                Docs.number(doc, "version"),
                Math.toIntExact(Docs.number(doc, "parts")),
                Docs.documents(doc, "operations"));
    }

    Document write() {
        return new Document("step", step)
                .append("version", version)
                .append("parts", parts)
                .append("operations", operations);
    }

    static String partId(String step, int part) {
        return step + "/" + part;
    }
}
