package dev.parley.domain.topic;

import java.nio.charset.StandardCharsets;

/** What is published: a JSON object of the publisher's, kept as text and given on as it came, and what it is. */
public sealed interface Publication {

    /** How large a payload may be, in bytes of UTF-8. */
    int MAX_BYTES = 32 * 1024;

    /** The JSON object. */
    String payload();

    /**
     * How something goes on.
     *
     * @param type what kind of news it is, in the publisher's words: 1 to {@value #MAX_TYPE} characters of
     *     {@code [A-Za-z0-9._-]}
     */
    record Update(String type, String payload) implements Publication {

        public static final int MAX_TYPE = 64;

        public Update {
            if (!isType(type)) {
                throw new IllegalArgumentException(
                        "Expected an update's type of 1 to " + MAX_TYPE + " characters of A-Z a-z 0-9 . _ -");
            }
            check(payload);
        }

        private static boolean isType(String type) {
            return !type.isEmpty() && type.length() <= MAX_TYPE && type.chars().allMatch(Update::isAllowed);
        }

        private static boolean isAllowed(int c) {
            return c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '.'
                    || c == '_'
                    || c == '-';
        }
    }

    /** Something out of the ordinary was found. */
    record Anomaly(String payload) implements Publication {
        public Anomaly {
            check(payload);
        }
    }

    /** Something to tell. */
    record Notification(String payload) implements Publication {
        public Notification {
            check(payload);
        }
    }

    /** Whether {@code payload} is small enough to be published. */
    static boolean fits(String payload) {
        return payload.length() <= MAX_BYTES && payload.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    private static void check(String payload) {
        if (!fits(payload)) {
            throw new IllegalArgumentException("Expected a payload of at most " + MAX_BYTES + " bytes");
        }
    }
}
