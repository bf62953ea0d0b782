package dev.parley.protocols.admission;

import java.util.ArrayList;
import java.util.List;

/** Takes header values apart in which commas and semicolons may stand between quotes. */
final class HeaderLists {

    private HeaderLists() {}

    /** The elements of all lines of a header, in their order. */
    static List<String> elements(List<String> lines) {
        return lines.stream().flatMap(line -> split(line, ',').stream()).toList();
    }

    static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == separator && !quoted) {
                keep(part, parts);
            } else {
                quoted ^= c == '"';
                part.append(c);
                if (c == '\\' && quoted && i + 1 < text.length()) {
                    part.append(text.charAt(++i));
                }
            }
        }
        keep(part, parts);
        return parts;
    }

    private static void keep(StringBuilder part, List<String> parts) {
        String text = part.toString().strip();
        if (!text.isEmpty()) {
            parts.add(text);
        }
        part.setLength(0);
    }

    static String unquoted(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
                : value;
    }
}
