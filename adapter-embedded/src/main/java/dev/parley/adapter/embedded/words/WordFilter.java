package dev.parley.adapter.embedded.words;

import dev.parley.domain.content.ContentFilter;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Masks the words of lists, whole words only: whatever their case and accents, with figures and signs for letters ({@code sh1t}),
 * with letters stretched ({@code shiiit}), and with what nobody sees between them. A masked text is as long as it was.
 */
public final class WordFilter implements ContentFilter {

    private static final int MAX_LENGTH = 64;

    private final WordTree words;
    private final Set<String> exempt;

    private WordFilter(WordTree words, Set<String> exempt) {
        this.words = words;
        this.exempt = Set.copyOf(exempt);
    }

    /**
     * A filter of some words.
     *
     * @param entries a word or a phrase each; after {@code -} one that is none: it is taken out where it was put in before it, and
     *     is let pass wherever it is written just so, accents included
     * @throws IllegalArgumentException for an entry without letters or digits, or one that is too long
     */
    public static WordFilter of(Collection<String> entries) {
        Set<String> words = new LinkedHashSet<>();
        Set<String> exempt = new LinkedHashSet<>();
        for (String entry : entries) {
            boolean none = entry.startsWith("-");
            String written = exact(none ? entry.substring(1) : entry);
            require(written);
            if (none) {
                words.remove(written);
                exempt.add(written);
            } else {
                words.add(written);
                exempt.remove(written);
            }
        }
        return new WordFilter(WordTree.of(words.stream().map(WordFilter::letters).toList()), exempt);
    }

    /** Why an entry can be none; empty for one that can. */
    public static String fault(String entry) {
        String written = exact(entry.startsWith("-") ? entry.substring(1) : entry);
        if (letters(written).isEmpty()) {
            return "expected a word with letters or digits";
        }
        return written.length() > MAX_LENGTH ? "expected a word of at most " + MAX_LENGTH + " characters" : "";
    }

    private static void require(String written) {
        String fault = fault(written);
        if (!fault.isEmpty()) {
            throw new IllegalArgumentException("E" + fault.substring(1));
        }
    }

    /** As it is written but for its case. */
    static String exact(String text) {
        return Normalizer.normalize(text.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    /** The letters and digits of a word, and one blank where something parts them. */
    private static String letters(String word) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        Letters.folded(word).codePoints().forEach(c -> {
            if (Character.isLetterOrDigit(c) || Character.getType(c) == Character.COMBINING_SPACING_MARK) {
                part.appendCodePoint(c);
            } else if (!part.isEmpty()) {
                parts.add(part.toString());
                part.setLength(0);
            }
        });
        if (!part.isEmpty()) {
            parts.add(part.toString());
        }
        return String.join(" ", parts);
    }

    WordTree words() {
        return words;
    }

    boolean exempts(String text) {
        return !exempt.isEmpty() && exempt.contains(exact(text));
    }

    @Override
    public Passage begin() {
        return new WordPassage(this);
    }
}
