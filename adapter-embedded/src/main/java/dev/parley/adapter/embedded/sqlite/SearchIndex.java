package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.message.Words;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The index of words. It follows the messages when the writer has nothing else to do, and before each search.
 *
 * <p>The figures are those of the last commit and may be read by any thread; everything else is for the writer's thread.
 */
final class SearchIndex {
    /** Messages to index in one go: while others may want to write, and when somebody waits for it. */
    static final int LITTLE = 64;

    static final int MUCH = 2_000;

    /** Above this the index takes its share of each commit, however busy the writer is. */
    private static final long TOO_FAR_BEHIND = 500_000;

    /** No more text than this in one go, in characters. */
    private static final int TEXT = 1_000_000;

    /** What is taken up in one go becomes a part of the index; with each, so many pages of earlier ones are put together at least. */
    private static final int PAGES = 8;

    /** And one more for so many characters: as many as they fill, on all the levels that they go through in time. */
    private static final int TEXT_FOR_A_PAGE = 2_000;

    private long newest;
    private long until;
    private long stale;
    private volatile long committedNewest;
    private volatile long committedUntil;
    private volatile long committedStale;

    /** How many messages wait. */
    long behind() {
        return committedNewest - committedUntil + committedStale;
    }

    long newest() {
        return committedNewest;
    }

    /** Whether everything up to the message {@code n} can be found. */
    boolean covers(long n) {
        return committedUntil >= n && committedStale == 0;
    }

    long indexedUntil() {
        return until;
    }

    void added(long n) {
        newest = n;
    }

    void changed(Sql sql, long n) {
        if (n <= until) {
            stale += sql.update("INSERT OR IGNORE INTO search_stale (message) VALUES (?)", n);
        }
    }

    void erased(Sql sql, long n) {
        if (n <= until) {
            sql.update("DELETE FROM message_words WHERE rowid = ?", n);
            stale -= sql.update("DELETE FROM search_stale WHERE message = ?", n);
        }
    }

    void committed() {
        committedNewest = newest;
        committedUntil = until;
        committedStale = stale;
    }

    void undone(Sql sql) {
        until = sql.number("SELECT indexed_until FROM search_state");
        newest = Math.max(until, sql.number("SELECT max(n) FROM message"));
        stale = sql.number("SELECT count(*) FROM search_stale");
    }

    /** Keeps a writer that never rests from leaving the index behind for good. */
    void keepUp(Sql sql, int steps) {
        if (newest - until > TOO_FAR_BEHIND) {
            index(sql, steps + steps / 4 + 1);
        }
    }

    private record Text(long n, long session, String content) {}

    /**
     * Takes up at most so many messages, and puts a little of what is in the index together. Left to itself the index would do that now
     * and then and all at once: whoever writes just then would wait for it, and the longer the more is in it.
     */
    void index(Sql sql, int most) {
        int length = stale > 0 ? refresh(sql, most) : takeUp(sql, most);
        sql.update(
                "INSERT INTO message_words (message_words, rank) VALUES ('merge', ?)", PAGES + length / TEXT_FOR_A_PAGE);
    }

    /** How long the texts were. */
    private int takeUp(Sql sql, int most) {
        List<Text> texts = sql.list(
                "SELECT n, session, content FROM message WHERE n > ? AND deleted_at IS NULL ORDER BY n LIMIT ?",
                row -> new Text(row.getLong(1), row.getLong(2), row.getString(3)),
                until,
                most);
        long reached = texts.size() < most ? newest : texts.get(texts.size() - 1).n();
        int length = 0;
        for (Text text : texts) {
            add(sql, text);
            length += text.content().length();
            if (length > TEXT) {
                reached = text.n();
                break;
            }
        }
        until = reached;
        sql.update("UPDATE search_state SET indexed_until = ?", until);
        return length;
    }

    private int refresh(Sql sql, int most) {
        int length = 0;
        for (Long n : sql.list("SELECT message FROM search_stale LIMIT ?", row -> row.getLong(1), most)) {
            erased(sql, n);
            Optional<Text> now = sql.one(
                    "SELECT n, session, content FROM message WHERE n = ? AND deleted_at IS NULL",
                    row -> new Text(row.getLong(1), row.getLong(2), row.getString(3)),
                    n);
            now.ifPresent(text -> add(sql, text));
            length += now.map(text -> text.content().length()).orElse(0);
        }
        return length;
    }

    private static void add(Sql sql, Text text) {
        sql.update(
                "INSERT INTO message_words (rowid, words) VALUES (?, ?)",
                text.n(),
                session(text.session()) + " " + words(text.content()));
    }

    /** The index parts and folds ASCII as {@link Words} does, and nothing else. */
    private static String words(String content) {
        for (int at = 0; at < content.length(); at++) {
            if (content.charAt(at) > 127) {
                return String.join(" ", Words.of(content));
            }
        }
        return content;
    }

    /** A term that no text holds, for each message of the session. */
    private static String session(long session) {
        return "\u00a7" + session;
    }

    /** The index's own expression for messages of the session with all {@code words}, the last as a beginning. */
    static String expression(long session, List<String> words) {
        StringBuilder expression = new StringBuilder("\"" + session(session) + "\"");
        Set<String> whole = new LinkedHashSet<>(words.subList(0, words.size() - 1));
        whole.forEach(word -> expression.append(" AND \"").append(word).append('"'));
        return expression.append(" AND \"").append(words.get(words.size() - 1)).append("\" *").toString();
    }
}
