package dev.parley.protocols.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.parley.protocols.Closing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON from bytes of a stranger, within limits. Texts come out as valid Unicode: lone surrogates and control characters but
 * tabs and line ends are left out, unless they are wanted verbatim. Of repeated fields the last counts. Never throws; safe for use by many threads.
 */
public final class JsonReader {

    /** With {@link JsonLimits#STANDARD}. */
    public static final JsonReader STANDARD = new JsonReader(JsonLimits.STANDARD);

    private static final int MAX_NUMBER = 100;
    private static final int MAX_NAME = 1_000;

    private final JsonLimits limits;
    private final JsonFactory factory;
    private final boolean verbatim;

    public JsonReader(JsonLimits limits) {
        this(limits, false);
    }

    /** A reader that leaves texts as they came, for those who hand them on unread. */
    public static JsonReader verbatim(JsonLimits limits) {
        return new JsonReader(limits, true);
    }

    private JsonReader(JsonLimits limits, boolean verbatim) {
        this.limits = limits;
        this.verbatim = verbatim;
        this.factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.depth() + 1)
                        .maxStringLength(limits.stringLength())
                        .maxNumberLength(MAX_NUMBER)
                        .maxNameLength(MAX_NAME)
                        .build())
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                // Virtual threads come and go: buffers kept by thread would never be used again.
                .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                .build();
    }

    public JsonReading read(byte[] utf8) {
        if (utf8.length > limits.documentBytes()) {
            return new JsonReading.Hostile(
                    Closing.Reason.TOO_LARGE,
                    "Expected at most " + limits.documentBytes() + " bytes, found " + utf8.length);
        }
        try (JsonParser parser = factory.createParser(utf8)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                return new JsonReading.Unreadable("Expected a JSON object, found " + word(first));
            }
            JsonObject object = object(parser, 1);
            if (parser.nextToken() != null) {
                return new JsonReading.Unreadable("Expected one JSON object, found more behind it");
            }
            return new JsonReading.Read(object);
        } catch (TooDeepException tooDeep) {
            return new JsonReading.Hostile(
                    Closing.Reason.INVALID_TEXT, "Expected JSON at most " + limits.depth() + " deep, found it deeper");
        } catch (StreamConstraintsException tooMuch) {
            return new JsonReading.Hostile(
                    Closing.Reason.TOO_LARGE, "Expected JSON with texts, names and numbers of bearable length");
        } catch (IOException | RuntimeException invalid) {
            return validUtf8(utf8)
                    ? new JsonReading.Unreadable("Expected a JSON object, found something that is no JSON")
                    : new JsonReading.Hostile(Closing.Reason.INVALID_TEXT, "Expected UTF-8");
        }
    }

    /** Reads any one value from a part of {@code utf8}; empty for what is none or beyond a limit. */
    public Optional<JsonValue> value(byte[] utf8, int offset, int length) {
        if (length > limits.documentBytes()) {
            return Optional.empty();
        }
        try (JsonParser parser = factory.createParser(utf8, offset, length)) {
            JsonValue value = value(parser, parser.nextToken(), 0);
            return parser.nextToken() == null ? Optional.of(value) : Optional.empty();
        } catch (IOException | RuntimeException invalid) {
            return Optional.empty();
        }
    }

    private String text(String read) {
        return verbatim ? read : WireText.clean(read);
    }

    private JsonObject object(JsonParser parser, int depth) throws IOException {
        Map<String, JsonValue> fields = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            fields.put(text(name), value(parser, parser.nextToken(), depth));
        }
        return new JsonObject(fields);
    }

    private JsonValue.Items items(JsonParser parser, int depth) throws IOException {
        List<JsonValue> values = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            values.add(value(parser, token, depth));
        }
        return new JsonValue.Items(values);
    }

    private JsonValue value(JsonParser parser, @Nullable JsonToken token, int depth) throws IOException {
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            if (depth >= limits.depth()) {
                throw new TooDeepException();
            }
            return token == JsonToken.START_OBJECT ? object(parser, depth + 1) : items(parser, depth + 1);
        }
        if (token == JsonToken.VALUE_STRING) {
            return new JsonValue.Text(text(parser.getText()));
        }
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            return new JsonValue.Numeral(parser.getText());
        }
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return new JsonValue.Truth(token == JsonToken.VALUE_TRUE);
        }
        if (token == JsonToken.VALUE_NULL) {
            return JsonValue.Nothing.NOTHING;
        }
        throw new IllegalStateException("Expected a value, found " + word(token));
    }

    private static String word(@Nullable JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return token == JsonToken.START_ARRAY ? "an array" : token.isNumeric() ? "a number" : "something else";
    }

    private static boolean validUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException invalid) {
            return false;
        }
    }

    private static final class TooDeepException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooDeepException() {
            super("too deep", null, false, false);
        }
    }
}
