package dev.parley.application.reply;

import java.util.regex.Pattern;

/** Names sessions by what was said first. */
public final class Titles {

    private static final int LENGTH = 60;
    private static final String QUOTES = "\"'`“”„«»*_#";
    private static final Pattern AROUND_START =
            Pattern.compile("^[\\s" + QUOTES + "]*((title|título)\\s*:)?[\\s" + QUOTES + "]*", Pattern.CASE_INSENSITIVE);
    private static final Pattern AROUND_END = Pattern.compile("[\\s." + QUOTES + "]*$");

    private Titles() {}

    /** The title in what a model answered: its first line without what models put around it; empty when there is none. */
    static String read(String answer) {
        String line = answer.lines()
                .map(each -> each.replaceAll("\\p{Cntrl}", " ").strip())
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse("");
        return of(AROUND_END.matcher(AROUND_START.matcher(line).replaceFirst("")).replaceFirst(""));
    }

    /** The first words of {@code content}, in one line. */
    public static String of(String content) {
        String line = content.strip().replaceAll("\\s+", " ");
        if (line.length() <= LENGTH) {
            return line;
        }
        int cut = line.lastIndexOf(' ', LENGTH);
        int end = cut > LENGTH / 2 ? cut : LENGTH;
        if (Character.isHighSurrogate(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(0, end) + "…";
    }
}
