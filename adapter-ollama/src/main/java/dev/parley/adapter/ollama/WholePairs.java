package dev.parley.adapter.ollama;

/** Keeps the first half of a surrogate pair back until the second comes, and replaces halves that stay alone. */
final class WholePairs {

    private static final char REPLACEMENT = '\ufffd';

    private String held = "";

    /** What may be passed on now that {@code piece} has come. */
    String next(String piece, boolean last) {
        if (piece.isEmpty() && !(last && !held.isEmpty())) {
            return "";
        }
        String text = held.isEmpty() ? piece : held + piece;
        held = "";
        if (!last && Character.isHighSurrogate(text.charAt(text.length() - 1))) {
            held = text.substring(text.length() - 1);
            text = text.substring(0, text.length() - 1);
        }
        return hasLoneHalf(text) ? repaired(text) : text;
    }

    private static boolean hasLoneHalf(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!pairAt(text, i)) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static boolean pairAt(String text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }

    private static String repaired(String text) {
        StringBuilder whole = new StringBuilder(text);
        for (int i = 0; i < whole.length(); i++) {
            if (pairAt(text, i)) {
                i++;
            } else if (Character.isSurrogate(whole.charAt(i))) {
                whole.setCharAt(i, REPLACEMENT);
            }
        }
        return whole.toString();
    }
}
