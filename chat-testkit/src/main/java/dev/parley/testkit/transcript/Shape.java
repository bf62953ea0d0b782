package dev.parley.testkit.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares what came with what a transcript says, both as plain maps, lists, texts, numbers and truths. The text {@code "*"}
 * stands for any value, and an object with a field {@code "*"} may have more fields.
 */
public final class Shape {

    private static final String ANYTHING = "*";

    private Shape() {}

    /** What differs, each with its path; empty when it is as expected. */
    public static List<String> differences(Object expected, Object found) {
        List<String> differences = new ArrayList<>();
        compare("", expected, found, differences);
        return differences;
    }

    private static void compare(String path, Object expected, Object found, List<String> differences) {
        if (ANYTHING.equals(expected)) {
            return;
        }
        if (expected instanceof Map<?, ?> wanted && found instanceof Map<?, ?> given) {
            compareFields(path, wanted, given, differences);
        } else if (expected instanceof List<?> wanted && found instanceof List<?> given) {
            if (wanted.size() != given.size()) {
                differences.add(path + ": expected " + wanted.size() + " items, found " + given.size());
                return;
            }
            for (int i = 0; i < wanted.size(); i++) {
                compare(path + "[" + i + "]", orNothing(wanted.get(i)), orNothing(given.get(i)), differences);
            }
        } else if (!Objects.equals(expected, found)) {
            differences.add(path + ": expected " + expected + ", found " + found);
        }
    }

    private static void compareFields(
            String path, Map<?, ?> wanted, Map<?, ?> given, List<String> differences) {
        TreeSet<String> names = new TreeSet<>();
        wanted.keySet().forEach(name -> names.add(String.valueOf(name)));
        boolean open = names.remove(ANYTHING);
        if (!open) {
            given.keySet().forEach(name -> names.add(String.valueOf(name)));
        }
        for (String name : names) {
            String inner = path + "." + name;
            if (!given.containsKey(name)) {
                differences.add(inner + ": expected " + wanted.get(name) + ", found no such field");
            } else if (!wanted.containsKey(name)) {
                differences.add(inner + ": expected no such field, found " + given.get(name));
            } else {
                compare(inner, orNothing(wanted.get(name)), orNothing(given.get(name)), differences);
            }
        }
    }

    /** JSON's null as a value that can be compared. */
    private static Object orNothing(@Nullable Object value) {
        return value == null ? "null" : value;
    }
}
