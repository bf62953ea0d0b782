package dev.parley.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a line of the log is about: the ids that its message begins with, as in {@code connection=c session=s is gone}.
 *
 * @param ids by their names, in the order in which they stand there
 * @param rest the message behind them
 */
record Subjects(Map<String, String> ids, String rest) {

    private static final Set<String> NAMES =
            Set.of("connection", "session", "reply", "topic", "command", "incident", "kind");

    static Subjects of(String message) {
        Map<String, String> ids = new LinkedHashMap<>();
        int at = 0;
        while (at < message.length()) {
            int equals = message.indexOf('=', at);
            if (equals < 0 || !NAMES.contains(message.substring(at, equals))) {
                break;
            }
            int space = message.indexOf(' ', equals);
            int end = space < 0 ? message.length() : space;
            String value = message.substring(equals + 1, end);
            ids.put(message.substring(at, equals), value.endsWith(":") ? value.substring(0, value.length() - 1) : value);
            at = Math.min(message.length(), end + 1);
        }
        return new Subjects(ids, message.substring(at));
    }
}
