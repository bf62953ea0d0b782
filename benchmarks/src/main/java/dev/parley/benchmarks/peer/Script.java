package dev.parley.benchmarks.peer;

/**
 * What a question asks a scripted model for: {@code #<words>@<words per second>}, 0 for as fast as it goes.
 *
 * @param words 0 when it asks for nothing
 */
public record Script(int words, int rate) {

    /** What every word is. */
    public static final String WORD = " streamed";

    public static final String END =
            "{\"type\":\"stream_end\",\"message_id\":\"01JD0000000000000000000000\",\"status\":\"completed\"}";

    private static final String FILLING =
            "x".repeat(40);

    /** The last script in a text. */
    public static Script in(String text) {
        int hash = text.lastIndexOf('#');
        int at = text.indexOf('@', hash + 1);
        if (hash < 0 || at < 0) {
            return new Script(0, 0);
        }
        int end = at + 1;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return new Script(Integer.parseInt(text.substring(hash + 1, at)), Integer.parseInt(text.substring(at + 1, end)));
    }

    static String chunk(int number) {
        return "{\"type\":\"stream_chunk\",\"message_id\":\"01JD0000000000000000000000\",\"content\":\"" + WORD + "\",\"seq\":"
                + number * WORD.length() + "}";
    }

    static String message(String text) {
        return "{\"type\":\"message\",\"message_id\":\"01JD0000000000000000000000\",\"session_id\":\"room\",\"role\":\"user\","
                + "\"user_id\":\"ana\",\"content\":\"" + text.length() + FILLING
                + "\",\"timestamp\":\"2026-11-21T12:00:00.123Z\",\"cursor\":\"12\"}";
    }
}
