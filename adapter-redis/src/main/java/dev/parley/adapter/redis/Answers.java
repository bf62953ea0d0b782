package dev.parley.adapter.redis;

import dev.parley.domain.error.CorruptDataException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What scripts answer, and what they are given. */
final class Answers {

    private Answers() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    static List<Object> list(@Nullable Object answer) {
        if (answer instanceof List<?> list) {
            return List.copyOf(list);
        }
        throw unexpected("a list", answer);
    }

    static long number(@Nullable Object answer) {
        return switch (answer) {
            case Long number -> number;
            case byte[] digits -> parsed(digits);
            case null, default -> throw unexpected("a number", answer);
        };
    }

    static String text(@Nullable Object answer) {
        return new String(raw(answer), StandardCharsets.UTF_8);
    }

    static byte[] raw(@Nullable Object answer) {
        if (answer instanceof byte[] bytes) {
            return bytes;
        }
        throw unexpected("text", answer);
    }

    private static long parsed(byte[] digits) {
        try {
            return Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
        } catch (NumberFormatException none) {
            throw new CorruptDataException("Expected a number from Redis", none);
        }
    }

    private static CorruptDataException unexpected(String what, @Nullable Object answer) {
        String found = answer == null ? "nothing" : answer.getClass().getSimpleName();
        return new CorruptDataException("Expected " + what + " from Redis, found " + found);
    }
}
