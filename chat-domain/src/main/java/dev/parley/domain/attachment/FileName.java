package dev.parley.domain.attachment;

import java.util.Locale;

/**
 * What a file is called, fit to be shown and to be offered for saving: one line, no path, nothing invisible. It names nothing on
 * the server's disk.
 *
 * @param value 1 to {@value #MAX_LENGTH} characters, as {@link #of} makes them
 */
public record FileName(String value) {

    public static final int MAX_LENGTH = 255;

    private static final String NAMELESS = "file";

    public FileName {
        if (!value.equals(cleaned(value))) {
            throw new IllegalArgumentException("Expected a file name without path, controls and blanks around it");
        }
    }

    /** The name that is meant by whatever a client says: its last part, without what cannot be seen. */
    public static FileName of(String said) {
        return new FileName(cleaned(said));
    }

    /** What comes behind the last dot, in lower case; empty where there is none. */
    public String extension() {
        int dot = value.lastIndexOf('.');
        return dot < 1 ? "" : value.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static String cleaned(String said) {
        String last = said.substring(Math.max(said.lastIndexOf('/'), said.lastIndexOf('\\')) + 1);
        StringBuilder seen = new StringBuilder();
        last.codePoints().filter(FileName::visible).forEach(seen::appendCodePoint);
        String name = stripped(seen.toString());
        if (name.length() > MAX_LENGTH) {
            name = stripped(shortened(name));
        }
        return name.isEmpty() ? NAMELESS : name;
    }

    /** Leading dots would hide the file, trailing ones vanish on some systems. */
    private static String stripped(String name) {
        int from = 0;
        int to = name.length();
        while (from < to && outside(name.charAt(from))) {
            from++;
        }
        while (to > from && outside(name.charAt(to - 1))) {
            to--;
        }
        return name.substring(from, to);
    }

    private static boolean outside(char c) {
        return c == '.' || Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Keeps the ending, since people and programs go by it. */
    private static String shortened(String name) {
        int dot = name.lastIndexOf('.');
        String ending = dot > 0 && name.length() - dot <= 20 ? name.substring(dot) : "";
        int end = MAX_LENGTH - ending.length();
        if (Character.isHighSurrogate(name.charAt(end - 1))) {
            end--;
        }
        return name.substring(0, end) + ending;
    }

    private static boolean visible(int c) {
        return switch (Character.getType(c)) {
            // Format characters turn the reading direction or hide; ':' and the like mean something to some systems.
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> "\"*:<>?|".indexOf(c) < 0;
        };
    }

    @Override
    public String toString() {
        return value;
    }
}
