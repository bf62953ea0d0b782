package dev.parley.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON as maps, lists, texts, numbers and truths; what is null is left out. */
final class Json {

    private static final int DEEPEST = 200;
    private static final String WRONG = "Expected JSON, found something else at ";

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** Empty when it is no JSON, or nested too deep, or null. */
    static Optional<Object> parse(String text) {
        Json json = new Json(text);
        try {
            Optional<Object> value = json.value(0);
            json.space();
            return json.at == text.length() ? value : Optional.empty();
        } catch (IllegalArgumentException | IndexOutOfBoundsException none) {
            return Optional.empty();
        }
    }

    /** Empty when it is no JSON object. */
    static Optional<Frame> frame(String text) {
        return parse(text).flatMap(Frame::of);
    }

    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private Optional<Object> value(int depth) {
        if (depth > DEEPEST) {
            throw wrong();
        }
        space();
        return switch (text.charAt(at)) {
            case '{' -> Optional.of(object(depth));
            case '[' -> Optional.of(list(depth));
            case '"' -> Optional.of(string());
            case 't' -> Optional.of(word("true", true));
            case 'f' -> Optional.of(word("false", false));
            case 'n' -> {
                word("null", false);
                yield Optional.empty();
            }
            default -> Optional.of(number());
        };
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> fields = new LinkedHashMap<>();
        at++;
        space();
        if (taken('}')) {
            return Map.of();
        }
        do {
            space();
            String name = string();
            space();
            expect(':');
            value(depth + 1).ifPresentOrElse(value -> fields.put(name, value), () -> fields.remove(name));
            space();
        } while (taken(','));
        expect('}');
        return Collections.unmodifiableMap(fields);
    }

    private List<Object> list(int depth) {
        List<Object> items = new ArrayList<>();
        at++;
        space();
        if (taken(']')) {
            return List.of();
        }
        do {
            value(depth + 1).ifPresent(items::add);
            space();
        } while (taken(','));
        expect(']');
        return Collections.unmodifiableList(items);
    }

    private String string() {
        expect('"');
        int end = at;
        while (text.charAt(end) != '"' && text.charAt(end) != '\\') {
            if (text.charAt(end++) < ' ') {
                throw wrong();
            }
        }
        StringBuilder found = new StringBuilder(text.substring(at, end));
        at = end;
        while (!taken('"')) {
            char letter = text.charAt(at++);
            if (letter < ' ') {
                throw wrong();
            }
            found.append(letter == '\\' ? escaped() : letter);
        }
        return found.toString();
    }

    private char escaped() {
        char letter = text.charAt(at++);
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(text, at - 4, at, 16);
            }
            default -> throw wrong();
        };
    }

    private Number number() {
        int begin = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(begin, at);
        if (digits.isEmpty() || digits.charAt(0) == '+' || digits.charAt(0) == '.') {
            throw wrong();
        }
        try {
            return Long.valueOf(digits);
        } catch (NumberFormatException broken) {
            return Double.valueOf(digits);
        }
    }

    private boolean word(String word, boolean meaning) {
        if (!text.startsWith(word, at)) {
            throw wrong();
        }
        at += word.length();
        return meaning;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean taken(char letter) {
        if (at < text.length() && text.charAt(at) == letter) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char letter) {
        if (!taken(letter)) {
            throw wrong();
        }
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException(WRONG + at);
    }

    private static void write(Object value, StringBuilder out) {
        switch (value) {
            case Frame frame -> write(frame.fields(), out);
            case Map<?, ?> fields -> {
                String between = "{";
                for (Map.Entry<?, ?> field : fields.entrySet()) {
                    out.append(between);
                    write(String.valueOf(field.getKey()), out);
                    write(field.getValue(), out.append(':'));
                    between = ",";
                }
                out.append(fields.isEmpty() ? "{}" : "}");
            }
            case List<?> items -> {
                String between = "[";
                for (Object item : items) {
                    write(item, out.append(between));
                    between = ",";
                }
                out.append(items.isEmpty() ? "[]" : "]");
            }
            case Double number when !Double.isFinite(number) ->
                    throw new IllegalArgumentException("Expected a number, found " + number);
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> quote(value.toString(), out);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '"' || letter == '\\') {
                out.append('\\').append(letter);
            } else if (letter < ' ' || Character.isSurrogate(letter)) {
                // Half a character cannot be written otherwise, and a whole one reads the same.
                out.append("\\u%04x".formatted((int) letter));
            } else {
                out.append(letter);
            }
        }
        out.append('"');
    }
}
