package dev.parley.adapter.rest;

import dev.parley.protocols.http.HttpExchange;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which part of a file a request wants (RFC 9110, section 14); of several ranges none is taken, as the standard allows. */
final class Ranges {

    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    private Ranges() {}

    /** What is wanted. */
    sealed interface Wanted {}

    record Whole() implements Wanted {}

    record Part(long from, long length) implements Wanted {}

    /** Nothing of the file lies there. */
    record Beyond() implements Wanted {}

    static Wanted wanted(HttpExchange exchange, String tag, long size) {
        Optional<String> range = exchange.header("range");
        boolean other = exchange.header("if-range").filter(known -> !known.equals(tag)).isPresent();
        if (range.isEmpty() || other) {
            return new Whole();
        }
        Matcher one = ONE.matcher(range.get().strip());
        if (!one.matches() || one.group(1).isEmpty() && one.group(2).isEmpty()) {
            return new Whole();
        }
        if (one.group(1).isEmpty()) {
            long last = Math.min(Long.parseLong(one.group(2)), size);
            return last == 0 ? new Beyond() : new Part(size - last, last);
        }
        long from = Long.parseLong(one.group(1));
        long to = one.group(2).isEmpty() ? size - 1 : Math.min(Long.parseLong(one.group(2)), size - 1);
        if (!one.group(2).isEmpty() && Long.parseLong(one.group(2)) < from) {
            return new Whole();
        }
        return from >= size ? new Beyond() : new Part(from, to - from + 1);
    }

    /** Whether the client has it already. */
    static boolean sameTag(Optional<String> known, String tag) {
        return known.map(tags -> List.of(tags.split(",")).stream().map(String::strip))
                .filter(tags -> tags.anyMatch(one -> one.equals("*") || one.equals(tag) || one.equals("W/" + tag)))
                .isPresent();
    }
}
