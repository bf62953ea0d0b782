package dev.parley.protocols.socketio;

import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an event or its acknowledgement carries: any JSON values, with bytes beside them. Where bytes belong in a value there is a
 * placeholder, an object that {@link #bytes} knows.
 *
 * @param values the arguments
 * @param binaries the bytes; nobody changes them
 */
public record Payload(List<JsonValue> values, List<byte[]> binaries) {

    public static final Payload EMPTY = new Payload(List.of(), List.of());

    private static final String PLACEHOLDER = "_placeholder";
    private static final String NUMBER = "num";

    public Payload {
        values = List.copyOf(values);
        binaries = List.copyOf(binaries);
    }

    public static Payload of(JsonValue... values) {
        return new Payload(List.of(values), List.of());
    }

    public static Payload of(String text) {
        return of(new JsonValue.Text(text));
    }

    /** One more argument: bytes. */
    public Payload with(byte[] bytes) {
        List<JsonValue> more = new ArrayList<>(values);
        more.add(placeholder(binaries.size()));
        List<byte[]> moreBinaries = new ArrayList<>(binaries);
        moreBinaries.add(bytes);
        return new Payload(more, moreBinaries);
    }

    /** One more argument. */
    public Payload with(JsonValue value) {
        List<JsonValue> more = new ArrayList<>(values);
        more.add(value);
        return new Payload(more, binaries);
    }

    /** The argument at a place, from 0. */
    public Optional<JsonValue> value(int place) {
        return place < values.size() ? Optional.of(values.get(place)) : Optional.empty();
    }

    /** The argument at a place, if it is an object. */
    public Optional<JsonObject> object(int place) {
        return value(place).flatMap(value -> value instanceof JsonObject object ? Optional.of(object) : Optional.empty());
    }

    /** The bytes that a value stands for, if it does. */
    public Optional<byte[]> bytes(JsonValue value) {
        int number = number(value);
        return number >= 0 && number < binaries.size() ? Optional.of(binaries.get(number)) : Optional.empty();
    }

    static JsonObject placeholder(int number) {
        Map<String, JsonValue> fields = new LinkedHashMap<>();
        fields.put(PLACEHOLDER, new JsonValue.Truth(true));
        fields.put(NUMBER, new JsonValue.Numeral(Integer.toString(number)));
        return new JsonObject(fields);
    }

    /** Whether every placeholder stands for bytes that are there. */
    boolean complete() {
        return values.stream().allMatch(this::complete);
    }

    private boolean complete(JsonValue value) {
        return switch (value) {
            case JsonObject object -> placeholds(object)
                    ? bytes(object).isPresent()
                    : object.fields().values().stream().allMatch(this::complete);
            case JsonValue.Items items -> items.values().stream().allMatch(this::complete);
            case JsonValue.Text text -> true;
            case JsonValue.Numeral number -> true;
            case JsonValue.Truth truth -> true;
            case JsonValue.Nothing nothing -> true;
        };
    }

    private static boolean placeholds(JsonObject object) {
        return object.fields().get(PLACEHOLDER) instanceof JsonValue.Truth truth && truth.value();
    }

    /** Negative for what is no placeholder. */
    private static int number(JsonValue value) {
        if (!(value instanceof JsonObject object)
                || !placeholds(object)
                || !(object.fields().get(NUMBER) instanceof JsonValue.Numeral number)) {
            return -1;
        }
        String literal = number.literal();
        boolean plain = literal.length() <= 5 && literal.chars().allMatch(c -> c >= '0' && c <= '9');
        return plain ? Integer.parseInt(literal) : -1;
    }
}
