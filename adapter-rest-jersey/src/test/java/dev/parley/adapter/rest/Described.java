package dev.parley.adapter.rest;

import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Holds answers to the interface's own description: no field that it does not name, none missing that it promises. */
final class Described {

    private final JsonObject schemas;

    Described() {
        try (InputStream resource = RestApi.class.getResourceAsStream("openapi.json")) {
            schemas = Server.read(new String(resource.readAllBytes(), StandardCharsets.UTF_8))
                    .object("components")
                    .orElseThrow()
                    .object("schemas")
                    .orElseThrow();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What is wrong with {@code answer} by the schema of that name. */
    List<String> faults(String schema, JsonObject answer) {
        List<String> faults = new ArrayList<>();
        compare(schema, schemas.object(schema).orElseThrow(), answer, faults);
        return faults;
    }

    private void compare(String path, JsonObject schema, JsonValue value, List<String> faults) {
        if (schema.has("$ref")) {
            String name = schema.requiredText("$ref").replaceAll(".*/", "");
            compare(path, schemas.object(name).orElseThrow(), value, faults);
        } else if (value instanceof JsonObject object && schema.has("properties")) {
            fields(path, schema, object, faults);
        } else if (value instanceof JsonValue.Items items && schema.object("items").isPresent()) {
            items.values().forEach(each -> compare(path + "[]", schema.object("items").get(), each, faults));
        } else if (types(schema).stream().noneMatch(type -> fits(type, value))) {
            faults.add(path + ": one of " + types(schema) + " expected, found " + value);
        }
        List<String> words = schema.texts("enum").orElse(List.of());
        if (!words.isEmpty() && !(value instanceof JsonValue.Text text && words.contains(text.value()))) {
            faults.add(path + ": one of " + words + " expected, found " + value);
        }
    }

    private void fields(String path, JsonObject schema, JsonObject object, List<String> faults) {
        JsonObject properties = schema.object("properties").orElseThrow();
        schema.texts("required")
                .orElse(List.of())
                .stream()
                .filter(name -> !object.has(name))
                .forEach(name -> faults.add(path + "." + name + ": expected, found none"));
        object.fields().forEach((name, value) -> {
            if (properties.object(name).isPresent()) {
                compare(path + "." + name, properties.object(name).get(), value, faults);
            } else {
                faults.add(path + "." + name + ": expected no such field, found " + value);
            }
        });
    }

    /** One, several, or any. */
    private static List<String> types(JsonObject schema) {
        return switch (schema.get("type").orElse(JsonValue.Nothing.NOTHING)) {
            case JsonValue.Text text -> List.of(text.value());
            case JsonValue.Items items -> schema.texts("type").orElseThrow();
            case JsonValue other -> List.of("");
        };
    }

    private static boolean fits(String type, JsonValue value) {
        return switch (type) {
            case "string" -> value instanceof JsonValue.Text;
            case "boolean" -> value instanceof JsonValue.Truth;
            case "array" -> value instanceof JsonValue.Items;
            case "object" -> value instanceof JsonObject;
            case "null" -> value == JsonValue.Nothing.NOTHING;
            case "integer" -> value instanceof JsonValue.Numeral number && number.literal().matches("-?\\d+");
            case "number" -> value instanceof JsonValue.Numeral;
            default -> true;
        };
    }
}
