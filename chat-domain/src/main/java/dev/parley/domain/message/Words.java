package dev.parley.domain.message;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What counts as a word when messages are searched: the same on every store.
 *
 * <p>Letters and digits make words, everything else parts them. Case, accents and compatibility forms do not count
 * ({@code Straße} is {@code strasse}, {@code ÉTÉ} is {@code ete}). Chinese and Japanese characters are a word each, since no
 * blank parts their words.
 */
public final class Words {
    private Words() {}

    /** The words of {@code text} in its order, folded; only letters and digits are in them. */
    public static List<String> of(String text) {
        String folded = fold(text);
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int at = 0; at < folded.length();) {
            int c = folded.codePointAt(at);
            at += Character.charCount(c);
            if (standsAlone(c)) {
                end(word, words);
                words.add(Character.toString(c));
            } else if (Character.isLetterOrDigit(c) || Character.getType(c) == Character.COMBINING_SPACING_MARK) {
                word.appendCodePoint(c);
            } else {
                end(word, words);
            }
        }
        end(word, words);
        return words;
    }

    private static void end(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private static String fold(String text) {
        if (ascii(text)) {
            return text.toLowerCase(Locale.ROOT);
        }
        return withoutMarks(withoutMarks(text).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
    }

    private static boolean ascii(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) > 127) {
                return false;
            }
        }
        return true;
    }

    private static String withoutMarks(String text) {
        String parted = Normalizer.normalize(text, Normalizer.Form.NFKD);
        StringBuilder kept = new StringBuilder(parted.length());
        parted.codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK
                        && Character.getType(c) != Character.ENCLOSING_MARK)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }

    private static boolean standsAlone(int c) {
        if (c < 0x2E80) {
            return false;
        }
        Character.UnicodeScript script = Character.UnicodeScript.of(c);
        return Character.isLetterOrDigit(c)
                && (script == Character.UnicodeScript.HAN
                        || script == Character.UnicodeScript.HIRAGANA
                        || script == Character.UnicodeScript.KATAKANA);
    }
}
