package dev.parley.protocols.chat;

import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import dev.parley.protocols.json.JsonValue;
import dev.parley.protocols.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as plain maps and lists. */
public final class Plain {

    private Plain() {}

    public static Object read(String json) {
        return switch (JsonReader.STANDARD.read(json.getBytes(StandardCharsets.UTF_8))) {
            case JsonReading.Read read -> plain(read.object());
            case JsonReading.Unreadable no -> throw new AssertionError("Expected JSON, found " + json);
            case JsonReading.Hostile no -> throw new AssertionError("Expected JSON, found " + json);
        };
    }

    /** As a pattern that leaves out fields. */
    public static Object open(Object pattern) {
        if (pattern instanceof Map<?, ?> map) {
            Map<String, Object> open = new LinkedHashMap<>();
            map.forEach((name, value) -> open.put(String.valueOf(name), open(value)));
            if (!open.isEmpty()) {
                open.put("*", "*");
            }
            return open;
        }
        return pattern instanceof List<?> list ? list.stream().map(Plain::open).toList() : pattern;
    }

    /** With objects of messages and sessions left out. */
    public static String shortened(String frame) {
        JsonObject object = ((JsonReading.Read) JsonReader.STANDARD.read(frame.getBytes(StandardCharsets.UTF_8))).object();
        Map<String, JsonValue> fields = new LinkedHashMap<>(object.fields());
        for (String name : List.of("message", "session")) {
            if (fields.get(name) instanceof JsonObject) {
                fields.put(name, new JsonValue.Text("*"));
            }
        }
        return new JsonWriter().value((JsonValue) new JsonObject(fields)).toString();
    }

    private static Object plain(JsonValue value) {
        return switch (value) {
            case JsonObject object -> {
                Map<String, Object> map = new LinkedHashMap<>();
                object.fields().forEach((name, inner) -> map.put(name, plain(inner)));
                yield map;
            }
            case JsonValue.Items items -> items.values().stream().map(Plain::plain).toList();
            case JsonValue.Text text -> text.value();
            case JsonValue.Numeral number -> number.asDouble();
            case JsonValue.Truth truth -> truth.value();
            case JsonValue.Nothing nothing -> "null";
        };
    }
}
