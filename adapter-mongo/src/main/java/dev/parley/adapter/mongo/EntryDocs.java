package dev.parley.adapter.mongo;

import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import org.bson.Document;

/** Entries of topics as documents. */
final class EntryDocs {
    private static final String UPDATE = "update";
    private static final String ANOMALY = "anomaly";
    private static final String NOTIFICATION = "notification";

    private EntryDocs() {}

    /** @param name tells the entry from all others, so that whoever got no answer can find it */
    static Document write(TopicEntry entry, String name) {
        Document doc = new Document("_id", entry.topic().value() + "#" + entry.position())
                .append("topic", entry.topic().value())
                .append("position", entry.position())
                .append("name", name)
                .append("at", Times.nanos(entry.at()))
                .append("payload", entry.publication().payload());
        return switch (entry.publication()) {
            case Publication.Update update -> doc.append("kind", UPDATE).append("type", update.type());
            case Publication.Anomaly anomaly -> doc.append("kind", ANOMALY);
            case Publication.Notification notification -> doc.append("kind", NOTIFICATION);
        };
    }

    static TopicEntry read(Document doc) {
        return new TopicEntry(
                new TopicId(Docs.text(doc, "topic")), Docs.number(doc, "position"), Docs.instant(doc, "at"), publication(doc));
    }

    private static Publication publication(Document doc) {
        String payload = Docs.text(doc, "payload");
        String kind = Docs.text(doc, "kind");
        return switch (kind) {
            case UPDATE -> new Publication.Update(Docs.text(doc, "type"), payload);
            case ANOMALY -> new Publication.Anomaly(payload);
            case NOTIFICATION -> new Publication.Notification(payload);
            default -> throw new CorruptDataException("Expected a kind of publication, found " + kind);
        };
    }
}
