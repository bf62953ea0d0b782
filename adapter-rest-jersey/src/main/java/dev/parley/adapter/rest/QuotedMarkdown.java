package dev.parley.adapter.rest;

/**
 * What somebody wrote, as a quotation in a Markdown document: still formatted, but nothing in it can end the quotation and speak
 * for the document or for somebody else.
 *
 * <p>Every line is quoted, so no heading of the text's is one of the document's. What could be taken for HTML is kept from being
 * so, except in fenced code, where it is none; whether a line is in such code is decided as CommonMark does, for fences that stand at
 * the beginning of a line.
 */
final class QuotedMarkdown {

    private static final int LEAST_FENCE = 3;
    private static final int MOST_INDENT = 3;

    private final StringBuilder out;
    private char fence;
    private int fenceLength;

    private QuotedMarkdown(int length) {
        this.out = new StringBuilder(length + length / 16 + 16);
    }

    static String of(String text) {
        QuotedMarkdown quoted = new QuotedMarkdown(text.length());
        for (String line : text.split("\\R", -1)) {
            quoted.line(spaced(line));
        }
        return quoted.out.toString();
    }

    /** Tabs before the text count differently behind a mark of quotation. */
    private static String spaced(String line) {
        int start = 0;
        while (start < line.length() && (line.charAt(start) == ' ' || line.charAt(start) == '\t')) {
            start++;
        }
        return line.substring(0, start).replace("\t", "    ") + line.substring(start);
    }

    private void line(String line) {
        out.append(line.isEmpty() ? ">" : "> ");
        if (fenceLength > 0) {
            out.append(line);
            if (closes(line)) {
                fenceLength = 0;
            }
        } else if (opens(line)) {
            out.append(line);
        } else {
            escape(line);
        }
        out.append('\n');
    }

    private boolean opens(String line) {
        char first = line.isEmpty() ? ' ' : line.charAt(0);
        int length = run(line, 0, first);
        if (first != '`' && first != '~' || length < LEAST_FENCE || first == '`' && line.indexOf('`', length) >= 0) {
            return false;
        }
        fence = first;
        fenceLength = length;
        return true;
    }

    private boolean closes(String line) {
        int indent = run(line, 0, ' ');
        int length = run(line, indent, fence);
        return indent <= MOST_INDENT
                && length >= fenceLength
                && line.substring(indent + length).chars().allMatch(c -> c == ' ' || c == '\t');
    }

    private static int run(String line, int from, char c) {
        int at = from;
        while (at < line.length() && line.charAt(at) == c) {
            at++;
        }
        return at - from;
    }

    private void escape(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            char next = i + 1 < line.length() ? line.charAt(i + 1) : ' ';
            if (c == '\\' && next == '<') {
                // It is taken for text already.
                out.append("\\<");
                i++;
            } else if (c == '\\' && next == '\\') {
                out.append("\\\\");
                i++;
            } else if (c == '<' && (Character.isLetter(next) || next == '/' || next == '!' || next == '?')) {
                out.append("&lt;");
            } else {
                out.append(c);
            }
        }
    }
}
