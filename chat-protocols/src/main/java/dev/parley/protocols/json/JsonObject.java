package dev.parley.protocols.json;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A JSON object that was read. A field that is {@code null} counts as absent; a field of the wrong kind throws
 * {@link FieldException}.
 */
public record JsonObject(Map<String, JsonValue> fields) implements JsonValue {

    public static final JsonObject EMPTY = new JsonObject(Map.of());

    public JsonObject {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public boolean has(String name) {
        return get(name).isPresent();
    }

    /** The field, unless it is absent or {@code null}. */
    public Optional<JsonValue> get(String name) {
        return Optional.ofNullable(fields.get(name)).filter(value -> value != Nothing.NOTHING);
    }

    public Optional<String> text(String name) {
        return get(name).map(value -> {
            if (value instanceof Text text) {
                return text.value();
            }
            throw unexpected(name, "a text", value);
        });
    }

    public String requiredText(String name) {
        return text(name).orElseThrow(() -> new FieldException("Expected " + name + ", found none"));
    }

    public Optional<Boolean> truth(String name) {
        return get(name).map(value -> {
            if (value instanceof Truth truth) {
                return truth.value();
            }
            throw unexpected(name, "true or false", value);
        });
    }

    public Optional<Double> decimal(String name) {
        return get(name).map(value -> {
            if (value instanceof Numeral number) {
                return number.asDouble();
            }
            throw unexpected(name, "a number", value);
        });
    }

    /** A whole number; {@code 3.0} is one too. */
    public OptionalLong whole(String name) {
        Optional<JsonValue> value = get(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (value.get() instanceof Numeral number && number.literal().length() <= 40) {
            BigDecimal decimal = new BigDecimal(number.literal());
            // Exponents are looked at first, so that nobody makes us write out 1e999999999.
            if (Math.abs((long) decimal.scale()) <= 40) {
                try {
                    return OptionalLong.of(decimal.longValueExact());
                } catch (ArithmeticException notWhole) {
                    throw unexpected(name, "a whole number", value.get());
                }
            }
        }
        throw unexpected(name, "a whole number", value.get());
    }

    public Optional<JsonObject> object(String name) {
        return get(name).map(value -> {
            if (value instanceof JsonObject object) {
                return object;
            }
            throw unexpected(name, "an object", value);
        });
    }

    public Optional<List<JsonValue>> items(String name) {
        return get(name).map(value -> {
            if (value instanceof Items items) {
                return items.values();
            }
            throw unexpected(name, "an array", value);
        });
    }

    /** An array of texts. */
    public Optional<List<String>> texts(String name) {
        return items(name).map(values -> values.stream()
                .map(value -> {
                    if (value instanceof Text text) {
                        return text.value();
                    }
                    throw unexpected(name, "an array of texts", value);
                })
                .toList());
    }

    private static FieldException unexpected(String name, String expected, JsonValue found) {
        return new FieldException("Expected " + name + " to be " + expected + ", found " + found.kind());
    }
}
