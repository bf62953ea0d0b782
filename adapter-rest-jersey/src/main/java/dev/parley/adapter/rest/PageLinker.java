package dev.parley.adapter.rest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a module, or a style sheet, and all that it imports into one text, so that the page is there after a few requests however
 * many files it is written in. It reads what the page's own sources look like, with each import and export at the beginning of
 * a line, and leaves libraries to be fetched as they are. Whoever asks for a single file gets it unchanged.
 *
 * <p>A module becomes a function that is called once and gives its exports. Modules may not import each other in a circle, and
 * what they export may not be assigned anew.
 */
final class PageLinker {

    private static final Pattern IMPORT = Pattern.compile(
            "^import\\s+(?:(?<whole>\\w+)\\s*,?\\s*)?(?:\\{(?<names>[^}]*)\\}\\s*)?(?:from\\s*)?'(?<from>[^']+)';",
            Pattern.MULTILINE);
    private static final Pattern PASSED_ON =
            Pattern.compile("^export\\s+\\{(?<names>[^}]*)\\}\\s*from\\s*'(?<from>[^']+)';", Pattern.MULTILINE);
    private static final Pattern DECLARED = Pattern.compile(
            "^export\\s+(?<declaration>(?:async\\s+)?(?:function\\*?|class|const)\\s+(?<name>\\w+))", Pattern.MULTILINE);
    private static final Pattern OTHER = Pattern.compile("^(?:export|import)\\b.*$", Pattern.MULTILINE);
    private static final Pattern STYLES = Pattern.compile("^@import \"(?<from>[^\"]+)\";$", Pattern.MULTILINE);

    private final Function<String, Optional<String>> source;

    /** @param source the text of what lies at an address, where it is one of the page's own */
    PageLinker(Function<String, Optional<String>> source) {
        this.source = source;
    }

    /** The style sheet at {@code address}, with those it imports in the place where it does so. */
    String styles(String address) {
        return STYLES.matcher(read(address))
                .replaceAll(found -> Matcher.quoteReplacement(
                        styles(resolved(address, found.group("from")))));
    }

    /** The module at {@code address} with all it needs. */
    String module(String address) {
        Linking linking = new Linking(address);
        String entry = linking.body(address);
        StringBuilder whole = new StringBuilder();
        linking.libraries.forEach((library, name) -> whole.append("import * as ")
                .append(name)
                .append(" from '")
                .append(relative(address, library))
                .append("';\n"));
        linking.modules.forEach(whole::append);
        return whole.append(entry).toString();
    }

    private String read(String address) {
        return source.apply(address)
                .orElseThrow(() -> new IllegalStateException("Expected a file of the page at " + address + ", found none"));
    }

    /** One entry and what was found on the way. Used by one thread. */
    private final class Linking {

        private final String entry;
        private final Map<String, String> names = new LinkedHashMap<>();
        private final Map<String, String> libraries = new LinkedHashMap<>();
        private final List<String> modules = new ArrayList<>();
        private final Deque<String> under = new ArrayDeque<>();

        Linking(String entry) {
            this.entry = entry;
        }

        /** The text of a module, with its imports and exports replaced. */
        private String body(String address) {
            if (under.contains(address)) {
                throw new IllegalStateException("Expected no circle of modules, found one at " + address);
            }
            under.push(address);
            List<String> exports = new ArrayList<>();
            String text = PASSED_ON.matcher(read(address)).replaceAll(found -> {
                String name = named(resolved(address, found.group("from")));
                each(found.group("names"), (theirs, ours) -> exports.add(getter(ours, name + "." + theirs)));
                return "";
            });
            text = IMPORT.matcher(text).replaceAll(found -> Matcher.quoteReplacement(imported(address, found)));
            text = DECLARED.matcher(text).replaceAll(found -> {
                exports.add(getter(found.group("name"), found.group("name")));
                return Matcher.quoteReplacement(found.group("declaration"));
            });
            Matcher other = OTHER.matcher(text);
            if (other.find()) {
                throw new IllegalStateException("Expected an import or export as the page's modules have them, found "
                        + other.group() + " in " + address);
            }
            under.pop();
            return address.equals(entry) ? text : text + "return { " + String.join(", ", exports) + " };\n";
        }

        private String imported(String address, MatchResult found) {
            String from = resolved(address, found.group("from"));
            boolean library = source.apply(from).isEmpty();
            String name = library ? libraries.computeIfAbsent(from, any -> "$l" + libraries.size()) : named(from);
            List<String> parts = new ArrayList<>();
            Optional.ofNullable(found.group("whole")).ifPresent(whole -> parts.add("default: " + whole));
            Optional.ofNullable(found.group("names"))
                    .ifPresent(all -> each(all, (theirs, ours) -> parts.add(theirs + ": " + ours)));
            return parts.isEmpty() ? "" : "const { " + String.join(", ", parts) + " } = " + name + ";";
        }

        /** What a module is called in the whole; it is put there before whoever needs it. */
        private String named(String address) {
            String known = names.get(address);
            if (known != null) {
                return known;
            }
            String body = body(address);
            String name = "$m" + names.size();
            names.put(address, name);
            modules.add("const " + name + " = (() => {\n" + body + "})();\n");
            return name;
        }
    }

    private interface Renamed {
        void name(String theirs, String ours);
    }

    private static void each(String names, Renamed renamed) {
        for (String one : names.split(",")) {
            String[] parts = one.strip().split("\\s+as\\s+");
            if (!parts[0].isEmpty()) {
                renamed.name(parts[0], parts[parts.length - 1]);
            }
        }
    }

    private static String getter(String name, String value) {
        return "get " + name + "() { return " + value + "; }";
    }

    private static String resolved(String address, String from) {
        Deque<String> parts = new ArrayDeque<>(List.of(address.split("/")));
        parts.removeLast();
        for (String part : from.split("/")) {
            switch (part) {
                case "." -> {}
                case ".." -> parts.removeLast();
                default -> parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    private static String relative(String address, String target) {
        List<String> from = List.of(address.split("/"));
        List<String> to = List.of(target.split("/"));
        int same = 0;
        while (same < from.size() - 1 && same < to.size() - 1 && from.get(same).equals(to.get(same))) {
            same++;
        }
        int up = from.size() - 1 - same;
        return (up == 0 ? "./" : "../".repeat(up)) + String.join("/", to.subList(same, to.size()));
    }
}
