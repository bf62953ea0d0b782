package dev.parley.adapter.embedded.words;

import java.text.Normalizer;
import java.util.Locale;

/** What characters are when words are compared: without case and accents, and what figures and signs are written for. */
final class Letters {

    private static final int[] NONE = {};

    private Letters() {}

    /** A word's text with accents and compatibility forms taken off, in lower case. */
    static String folded(String text) {
        String bare = withoutMarks(text);
        return withoutMarks(bare.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
    }

    /** One character's letters; most are one, few are none or several. */
    static int[] folded(int c) {
        if (c < 128) {
            return new int[] {Character.toLowerCase(c)};
        }
        return invisible(c) ? NONE : folded(Character.toString(c)).codePoints().toArray();
    }

    private static String withoutMarks(String text) {
        String parted = Normalizer.normalize(text, Normalizer.Form.NFKD);
        StringBuilder kept = new StringBuilder(parted.length());
        parted.codePoints().filter(c -> !invisible(c)).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    /** What stands on or between letters without parting them: accents, soft hyphens, joiners. */
    static boolean invisible(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> true;
            default -> false;
        };
    }

    /** What words are made of; where no blanks part words, each character may begin one. */
    static boolean inWords(int c) {
        return Character.isLetterOrDigit(c) && !standsAlone(c) || Character.getType(c) == Character.COMBINING_SPACING_MARK;
    }

    private static boolean standsAlone(int c) {
        if (c < 0x0E00) {
            return false;
        }
        return switch (Character.UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }

    /** What may stand between the words of a phrase. */
    static boolean gap(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '-' || c == '_' || c == '\'' || c == '’';
    }

    /** The letters that a figure or sign is written for, where a word has begun; {@code +} parts words in addresses. */
    static String meant(int c) {
        return switch (c) {
            case '0' -> "o";
            case '1' -> "il";
            case '3' -> "e";
            case '4' -> "a";
            case '5' -> "s";
            case '6' -> "g";
            case '7' -> "t";
            case '8' -> "b";
            case '9' -> "g";
            case '@' -> "a";
            case '$' -> "s";
            case '!' -> "i";
            case '€' -> "e";
            case '£' -> "l";
            default -> "";
        };
    }
}
