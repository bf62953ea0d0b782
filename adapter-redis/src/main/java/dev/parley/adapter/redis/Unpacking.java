package dev.parley.adapter.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** Takes apart what {@link Packing} put together; throws {@link IllegalArgumentException} where something else was. */
final class Unpacking {

    private final byte[] in;
    private int at;

    Unpacking(byte[] in) {
        this.in = in;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = next();
            value |= (long) (next & 0x7F) << shift;
            if ((next & 0x80) == 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("Expected a number of at most ten bytes");
    }

    boolean flag() {
        return next() != 0;
    }

    String text() {
        long length = number();
        if (length < 0 || length > in.length - at) {
            throw new IllegalArgumentException("Expected a text of " + length + " bytes, found " + (in.length - at));
        }
        String text = new String(in, at, (int) length, StandardCharsets.UTF_8);
        at += (int) length;
        return text;
    }

    Optional<String> optional() {
        return flag() ? Optional.of(text()) : Optional.empty();
    }

    Instant instant() {
        return Instant.ofEpochSecond(number(), number());
    }

    /** Whether something is left. */
    boolean more() {
        return at < in.length;
    }

    /** All that is left. */
    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(in, at, in.length);
        at = in.length;
        return rest;
    }

    private int next() {
        if (at == in.length) {
            throw new IllegalArgumentException("Expected more than " + in.length + " bytes");
        }
        return in[at++];
    }
}
