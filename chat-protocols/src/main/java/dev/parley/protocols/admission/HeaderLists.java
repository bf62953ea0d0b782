package dev.parley.protocols.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Takes header values apart in which commas and semicolons may stand between quotes. */
final class HeaderLists {

    private HeaderLists() {}

    /** The elements of all lines of a header, in their order. A quote that nobody closes ends with its element. */
    static List<String> elements(List<String> lines) {
        return lines.stream()
                .flatMap(line -> closed(line) ? split(line, ',').stream() : plain(List.of(line)).stream())
                .toList();
    }

    private static boolean closed(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            quoted ^= c == '"';
            if (c == '\\' && quoted) {
                i++;
            }
        }
        return !quoted;
    }

    /** The elements of a header that knows no quotes: one of its values cannot swallow the next. */
    static List<String> plain(List<String> lines) {
        return lines.stream()
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .toList();
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
