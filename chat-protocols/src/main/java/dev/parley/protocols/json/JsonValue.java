package dev.parley.protocols.json;

import java.util.List;

/** A piece of JSON that was read. */
public sealed interface JsonValue
        permits JsonObject, JsonValue.Text, JsonValue.Numeral, JsonValue.Truth, JsonValue.Items, JsonValue.Nothing {

    /** A text: valid Unicode without control characters but tabs and line ends. */
    record Text(String value) implements JsonValue {}

    /** A number as it was written. */
    record Numeral(String literal) implements JsonValue {

        public double asDouble() {
            return Double.parseDouble(literal);
        }
    }

    record Truth(boolean value) implements JsonValue {}

    record Items(List<JsonValue> values) implements JsonValue {
        public Items {
            values = List.copyOf(values);
        }
    }

    /** JSON's {@code null}. */
    enum Nothing implements JsonValue {
        NOTHING
    }

    /** What it is, for those who expected something else. */
    default String kind() {
        return switch (this) {
            case JsonObject object -> "an object";
            case Text text -> "a text";
            case Numeral number -> "a number";
            case Truth truth -> "a truth value";
            case Items items -> "an array";
            case Nothing nothing -> "null";
        };
    }
}
