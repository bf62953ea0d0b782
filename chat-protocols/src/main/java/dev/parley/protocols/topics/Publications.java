package dev.parley.protocols.topics;

import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.protocols.Frame;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import dev.parley.protocols.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** How publications look: what the publisher gave, in the envelope of its kind. */
final class Publications {

    private static final JsonValue USUAL_SEVERITY = new JsonValue.Text("medium");

    private Publications() {}

    static Frame frame(TopicEntry entry) {
        JsonObject payload = payload(entry.publication());
        return switch (entry.publication()) {
            case Publication.Update update -> {
                Map<String, JsonValue> data = about(entry);
                data.put("update_type", new JsonValue.Text(update.type()));
                data.putAll(payload.fields());
                yield frame(entry, "investigation_" + update.type(), data);
            }
            case Publication.Anomaly anomaly -> {
                Map<String, JsonValue> data = about(entry);
                data.put("severity", payload.fields().getOrDefault("severity", USUAL_SEVERITY));
                data.put("description", payload.fields().getOrDefault("description", JsonValue.Nothing.NOTHING));
                data.put("details", payload);
                yield frame(entry, "anomaly_detected", data);
            }
            case Publication.Notification notification -> frame(entry, "notification", payload.fields());
        };
    }

    private static Map<String, JsonValue> about(TopicEntry entry) {
        Map<String, JsonValue> data = new LinkedHashMap<>();
        data.put("investigation_id", new JsonValue.Text(entry.topic().value()));
        return data;
    }

    private static Frame frame(TopicEntry entry, String type, Map<String, JsonValue> data) {
        return Envelope.of(
                type,
                entry.at(),
                json -> data.forEach((name, value) -> json.name(name).value(value)),
                new Frame.Mark.Published(entry.topic(), entry.position()),
                256 + entry.publication().payload().length());
    }

    private static JsonObject payload(Publication publication) {
        return switch (JsonReader.STANDARD.read(publication.payload().getBytes(StandardCharsets.UTF_8))) {
            case JsonReading.Read read -> read.object();
            case JsonReading.Unreadable unreadable -> JsonObject.EMPTY;
            case JsonReading.Hostile hostile -> JsonObject.EMPTY;
        };
    }
}
