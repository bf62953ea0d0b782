package dev.parley.adapter.embedded.words;

import dev.parley.domain.content.ContentFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One text on its way through. It is read character by character; every reading of what was written since a word began that can
 * still become a word of the list is kept, and so is the text from its beginning on. Everything before that is let through.
 */
final class WordPassage implements ContentFilter.Passage {

    /** How long a stretched word may be, in characters; so long at most a text is held back. */
    private static final int LONGEST = 256;

    /** Of how many readings of the same text the first are enough. */
    private static final int READINGS = 64;

    /** How many characters that are no figures a word needs; figures alone are figures. */
    private static final int LETTERS = 2;

    private static final char MASK = '*';

    private final WordFilter filter;

    /** What is held back, and what of it is masked. Places in the text are counted from its beginning. */
    private final StringBuilder held = new StringBuilder();

    private final StringBuilder masked = new StringBuilder();
    private long from;

    private List<Reading> readings = new ArrayList<>();
    private final List<Reading> whole = new ArrayList<>();
    private boolean inWord;
    private Optional<Character> half = Optional.empty();

    /**
     * A way to read what was written from a place on.
     *
     * @param last the letter that was read last
     * @param plain how many characters were read that are no figures
     * @param figures how many figures were read as letters
     * @param end where it ends
     */
    private record Reading(WordTree.Node node, long start, int last, int plain, int figures, long end) {

        boolean isWord() {
            return node.word() && (plain >= LETTERS || figures == 0);
        }

        boolean same(Reading other) {
            return node == other.node && start == other.start && last == other.last;
        }
    }

    WordPassage(WordFilter filter) {
        this.filter = filter;
    }

    @Override
    public String add(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            char unit = piece.charAt(i);
            if (half.isPresent() && Character.isLowSurrogate(unit)) {
                int c = Character.toCodePoint(half.get(), unit);
                half = Optional.empty();
                read(c);
                continue;
            }
            flushHalf();
            if (Character.isHighSurrogate(unit)) {
                half = Optional.of(unit);
            } else {
                read(unit);
            }
        }
        return let();
    }

    @Override
    public String end() {
        flushHalf();
        whole.forEach(this::mask);
        whole.clear();
        readings.clear();
        return let();
    }

    /** Half a pair without its other half is nobody's letter. */
    private void flushHalf() {
        half.ifPresent(alone -> {
            half = Optional.empty();
            read(alone);
        });
    }

    private void read(int c) {
        held.appendCodePoint(c);
        masked.appendCodePoint(c);
        long end = from + held.length();
        if (Letters.invisible(c)) {
            letGoOfLong(end);
            return;
        }
        boolean letter = Letters.inWords(c);
        if (!letter) {
            whole.forEach(this::mask);
        }
        whole.clear();
        // A sign begins none: in programs it begins names.
        if (!inWord && Character.isLetterOrDigit(c)) {
            long start = end - Character.charCount(c);
            readings.add(new Reading(filter.words().root(), start, -1, 0, 0, start));
        }
        readings = advanced(c, end);
        readings.stream().filter(Reading::isWord).forEach(whole::add);
        inWord = letter;
    }

    /** Nobody waits for ever behind what nobody sees: a word is one by then, and what is none yet becomes none. */
    private void letGoOfLong(long end) {
        readings.removeIf(reading -> end - reading.start() > LONGEST);
        whole.removeIf(word -> {
            boolean isLong = end - word.start() > LONGEST;
            if (isLong) {
                mask(word);
            }
            return isLong;
        });
    }

    private List<Reading> advanced(int c, long end) {
        if (readings.isEmpty()) {
            return readings;
        }
        List<Reading> now = readings;
        for (int letter : Letters.folded(c)) {
            List<Reading> next = new ArrayList<>();
            for (Reading reading : now) {
                advance(reading, letter, end, next);
            }
            now = next;
        }
        return now;
    }

    private static void advance(Reading reading, int letter, long end, List<Reading> into) {
        if (end - reading.start() > LONGEST) {
            return;
        }
        if (Letters.gap(letter)) {
            step(reading, WordTree.GAP, reading.plain(), reading.figures(), end, into);
            return;
        }
        boolean figure = Character.isDigit(letter);
        step(reading, letter, reading.plain() + 1, reading.figures(), end, into);
        Letters.meant(letter)
                .chars()
                .forEach(meant -> step(
                        reading,
                        meant,
                        reading.plain() + (figure ? 0 : 1),
                        reading.figures() + (figure ? 1 : 0),
                        end,
                        into));
    }

    /** On to the next letter, or once more the same. */
    private static void step(Reading reading, int letter, int plain, int figures, long end, List<Reading> into) {
        reading.node()
                .next(letter)
                .ifPresent(node -> add(new Reading(node, reading.start(), letter, plain, figures, end), into));
        if (letter == reading.last()) {
            add(new Reading(reading.node(), reading.start(), letter, plain, figures, end), into);
        }
    }

    private static void add(Reading reading, List<Reading> into) {
        if (into.size() < READINGS && into.stream().noneMatch(reading::same)) {
            into.add(reading);
        }
    }

    private void mask(Reading word) {
        int first = (int) (word.start() - from);
        int last = (int) (word.end() - from);
        if (filter.exempts(held.substring(first, last)) || filter.exempts(held.substring(first, accented(last)))) {
            return;
        }
        for (int i = first; i < last; i++) {
            if (!Letters.gap(held.charAt(i))) {
                masked.setCharAt(i, MASK);
            }
        }
    }

    /** Behind the accents that stand by themselves on a word's last letter. */
    private int accented(int last) {
        int end = last;
        while (end < held.length() && Character.getType(held.charAt(end)) == Character.NON_SPACING_MARK) {
            end++;
        }
        return end;
    }

    /** Lets go what no reading needs any more. */
    private String let() {
        long needed = from + held.length();
        for (Reading reading : readings) {
            needed = Math.min(needed, reading.start());
        }
        for (Reading word : whole) {
            needed = Math.min(needed, word.start());
        }
        int length = (int) (needed - from);
        String out = masked.substring(0, length);
        held.delete(0, length);
        masked.delete(0, length);
        from = needed;
        return out;
    }
}
