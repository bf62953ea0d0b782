package dev.parley.adapter.redis;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** Puts parts together that {@link Unpacking} takes apart again. */
final class Packing {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

    /** As few bytes as it needs, seven bits in each. */
    Packing number(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            out.write((int) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
        return this;
    }

    Packing flag(boolean value) {
        out.write(value ? 1 : 0);
        return this;
    }

    Packing text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    Packing optional(Optional<String> value) {
        flag(value.isPresent());
        value.ifPresent(this::text);
        return this;
    }

    Packing instant(Instant value) {
        return number(value.getEpochSecond()).number(value.getNano());
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
