package dev.parley.adapter.websocket;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An address with open parts, such as {@code /ws/{session_id}}. */
final class PathTemplate {

    private final String template;
    private final List<String> segments;

    PathTemplate(String template) {
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("Expected a path that begins with a slash, found " + template);
        }
        this.template = template;
        this.segments = split(template);
    }

    /** The open parts of {@code path} by name, decoded; empty when it does not fit. */
    Optional<Map<String, String>> match(String path) {
        List<String> parts = split(path);
        if (parts.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> open = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String segment = segments.get(i);
            if (isOpen(segment)) {
                String value = decoded(parts.get(i));
                if (value.isEmpty()) {
                    return Optional.empty();
                }
                open.put(segment.substring(1, segment.length() - 1), value);
            } else if (!segment.equals(parts.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(open);
    }

    /** How many parts are fixed: the address with more of them goes first. */
    long fixed() {
        return segments.stream().filter(segment -> !isOpen(segment)).count();
    }

    private static boolean isOpen(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }

    private static List<String> split(String path) {
        return List.of(path.split("/", -1));
    }

    /** Empty for what cannot be decoded. */
    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            return "";
        }
    }

    @Override
    public String toString() {
        return template;
    }
}
