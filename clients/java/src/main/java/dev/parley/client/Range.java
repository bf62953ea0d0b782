package dev.parley.client;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which part of something long is wanted; without anything the newest 50. */
public record Range(Map<String, Object> fields) {

    /** The newest. */
    public static Range newest(int limit) {
        return new Range(Map.of("limit", limit));
    }

    public Range before(String messageId) {
        return with("before", messageId);
    }

    public Range after(String messageId) {
        return with("after", messageId);
    }

    /** Counted from the oldest. */
    public Range offset(int offset) {
        return with("offset", offset);
    }

    private Range with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new Range(more);
    }
}
