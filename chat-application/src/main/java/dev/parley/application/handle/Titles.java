package dev.parley.application.handle;

/** Names sessions by what was said first. */
final class Titles {

    private static final int LENGTH = 60;

    private Titles() {}

    /** The first words of {@code content}, in one line. */
    static String of(String content) {
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
