package dev.parley.protocols.json;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Writes one JSON document in UTF-8 into memory. Commas are set by itself; that names and values alternate is the caller's
 * business. Lone surrogates become U+FFFD. Used by one thread.
 */
public final class JsonWriter {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int length;
    private boolean comma;

    public JsonWriter() {
        this(256);
    }

    /** {@code expected} how many bytes it will probably be */
    public JsonWriter(int expected) {
        bytes = new byte[Math.max(16, expected)];
    }

    /** A frame of the given type, open for more fields. */
    public static JsonWriter frame(String type) {
        return new JsonWriter().begin().field("type", type);
    }

    public JsonWriter begin() {
        separate();
        put('{');
        comma = false;
        return this;
    }

    public JsonWriter end() {
        put('}');
        comma = true;
        return this;
    }

    public JsonWriter beginItems() {
        separate();
        put('[');
        comma = false;
        return this;
    }

    public JsonWriter endItems() {
        put(']');
        comma = true;
        return this;
    }

    public JsonWriter name(String name) {
        separate();
        text(name);
        put(':');
        comma = false;
        return this;
    }

    public JsonWriter value(String value) {
        separate();
        text(value);
        comma = true;
        return this;
    }

    public JsonWriter value(long value) {
        return literal(Long.toString(value));
    }

    public JsonWriter value(boolean value) {
        return literal(value ? "true" : "false");
    }

    /** A decimal number; what JSON cannot say becomes {@code null}. */
    public JsonWriter value(double value) {
        if (!Double.isFinite(value)) {
            return literal("null");
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? literal(Long.toString((long) value))
                : literal(Double.toString(value));
    }

    public JsonWriter nothing() {
        return literal("null");
    }

    public JsonWriter value(JsonValue value) {
        switch (value) {
            case JsonObject object -> {
                begin();
                object.fields().forEach((name, inner) -> name(name).value(inner));
                end();
            }
            case JsonValue.Items items -> {
                beginItems();
                items.values().forEach(this::value);
                endItems();
            }
            case JsonValue.Text text -> value(text.value());
            case JsonValue.Numeral number -> literal(number.literal());
            case JsonValue.Truth truth -> value(truth.value());
            case JsonValue.Nothing nothing -> nothing();
        }
        return this;
    }

    public JsonWriter field(String name, String value) {
        return name(name).value(value);
    }

    public JsonWriter field(String name, long value) {
        return name(name).value(value);
    }

    public JsonWriter field(String name, boolean value) {
        return name(name).value(value);
    }

    public JsonWriter field(String name, double value) {
        return name(name).value(value);
    }

    public JsonWriter field(String name, Instant value) {
        return name(name).value(WireTime.format(value));
    }

    /** A field that is left out when there is nothing. */
    public JsonWriter optional(String name, Optional<String> value) {
        value.ifPresent(present -> field(name, present));
        return this;
    }

    /** A field that is {@code null} when there is nothing. */
    public JsonWriter nullable(String name, Optional<String> value) {
        name(name);
        return value.isPresent() ? value(value.get()) : nothing();
    }

    /** An array of what the elements call themselves. */
    public JsonWriter texts(String name, Collection<?> values) {
        name(name).beginItems();
        values.forEach(value -> value(value.toString()));
        return endItems();
    }

    /** An array of objects, each written by itself. */
    public <T> JsonWriter each(String name, List<T> values, java.util.function.BiConsumer<JsonWriter, T> write) {
        name(name).beginItems();
        values.forEach(value -> write.accept(this, value));
        return endItems();
    }

    /** What was written so far; a copy. */
    public byte[] toUtf8() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private JsonWriter literal(String ascii) {
        separate();
        room(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            bytes[length++] = (byte) ascii.charAt(i);
        }
        comma = true;
        return this;
    }

    private void separate() {
        if (comma) {
            put(',');
            comma = false;
        }
    }

    private void put(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
    }

    private void text(String value) {
        // Six bytes are the most that one UTF-16 code unit can need, as an escape.
        room(value.length() + 2);
        bytes[length++] = '"';
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                ascii(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                fourBytes(Character.toCodePoint(c, value.charAt(++i)));
            } else {
                twoOrThreeBytes(Character.isSurrogate(c) ? '\uFFFD' : c);
            }
        }
        put('"');
    }

    private void ascii(char c) {
        room(6);
        if (c >= 0x20 && c != '"' && c != '\\') {
            bytes[length++] = (byte) c;
            return;
        }
        bytes[length++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[length++] = (byte) c;
            case '\n' -> bytes[length++] = 'n';
            case '\r' -> bytes[length++] = 'r';
            case '\t' -> bytes[length++] = 't';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[c >> 4];
                bytes[length++] = HEX[c & 15];
            }
        }
    }

    private void twoOrThreeBytes(char c) {
        room(3);
        if (c < 0x800) {
            bytes[length++] = (byte) (0xC0 | c >> 6);
        } else {
            bytes[length++] = (byte) (0xE0 | c >> 12);
            bytes[length++] = (byte) (0x80 | c >> 6 & 0x3F);
        }
        bytes[length++] = (byte) (0x80 | c & 0x3F);
    }

    private void fourBytes(int codePoint) {
        room(4);
        bytes[length++] = (byte) (0xF0 | codePoint >> 18);
        bytes[length++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
        bytes[length++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
        bytes[length++] = (byte) (0x80 | codePoint & 0x3F);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
