package dev.parley.protocols.json;

/** Keeps out of texts what no client can show and no store should hold. */
public final class WireText {

    private WireText() {}

    /** {@code text} without lone surrogates and without control characters but tab, line feed and carriage return. */
    public static String clean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (unwanted(c)) {
                return cleanFrom(text, i);
            }
        }
        return text;
    }

    private static String cleanFrom(String text, int start) {
        StringBuilder kept = new StringBuilder(text.length()).append(text, 0, start);
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                kept.append(c).append(text.charAt(++i));
            } else if (!unwanted(c)) {
                kept.append(c);
            }
        }
        return kept.toString();
    }

    private static boolean unwanted(char c) {
        return Character.isSurrogate(c) || Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r';
    }
}
