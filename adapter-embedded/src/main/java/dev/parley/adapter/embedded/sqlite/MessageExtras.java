package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.UserId;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people did to a message, in tables of its own; most messages have none, and their row says so. */
final class MessageExtras {
    static final int REACTIONS = 1;
    static final int FEEDBACK = 2;
    static final int RECEIPTS = 4;
    static final int ATTACHMENTS = 8;

    private MessageExtras() {}

    /** Which tables hold something of {@code message}. */
    static int of(Message message) {
        return (message.reactions().isEmpty() ? 0 : REACTIONS)
                | (message.feedback().isEmpty() ? 0 : FEEDBACK)
                | (message.deliveredTo().isEmpty() && message.readBy().isEmpty() ? 0 : RECEIPTS)
                | (message.attachments().isEmpty() ? 0 : ATTACHMENTS);
    }

    static void erase(Sql sql, long n, int extras) {
        if ((extras & REACTIONS) != 0) {
            sql.update("DELETE FROM reaction WHERE message = ?", n);
        }
        if ((extras & FEEDBACK) != 0) {
            sql.update("DELETE FROM feedback WHERE message = ?", n);
        }
        if ((extras & RECEIPTS) != 0) {
            sql.update("DELETE FROM receipt WHERE message = ?", n);
        }
        if ((extras & ATTACHMENTS) != 0) {
            sql.update("DELETE FROM message_attachment WHERE message = ?", n);
        }
    }

    static Map<String, Set<UserId>> reactions(Sql sql, long n) {
        Map<String, Set<UserId>> reactions = new LinkedHashMap<>();
        sql.list(
                "SELECT emoji, user FROM reaction WHERE message = ? ORDER BY place, n",
                row -> reactions.computeIfAbsent(row.getString(1), unused -> new LinkedHashSet<>())
                        .add(new UserId(row.getString(2))),
                n);
        return reactions;
    }

    static Map<UserId, Feedback> feedback(Sql sql, long n) {
        Map<UserId, Feedback> feedback = new LinkedHashMap<>();
        sql.list(
                "SELECT user, helpful, rating FROM feedback WHERE message = ? ORDER BY n",
                row -> feedback.put(new UserId(row.getString(1)), feedback(row, 2)),
                n);
        return feedback;
    }

    /** From two columns, the first at {@code column}. */
    static Feedback feedback(ResultSet row, int column) throws SQLException {
        int helpful = row.getInt(column);
        Optional<Boolean> whether = row.wasNull() ? Optional.empty() : Optional.of(helpful != 0);
        int rating = row.getInt(column + 1);
        return new Feedback(whether, row.wasNull() ? Optional.empty() : Optional.of(rating));
    }

    static void receipts(Sql sql, long n, Map<UserId, Instant> delivered, Map<UserId, Instant> read) {
        sql.list(
                "SELECT user, delivered_at, read_at FROM receipt WHERE message = ? ORDER BY n",
                row -> {
                    UserId user = new UserId(row.getString(1));
                    put(delivered, user, row, 2);
                    put(read, user, row, 3);
                    return user;
                },
                n);
    }

    private static void put(Map<UserId, Instant> receipts, UserId user, ResultSet row, int column) throws SQLException {
        long at = row.getLong(column);
        if (!row.wasNull()) {
            receipts.put(user, Times.instant(at));
        }
    }

    /** Writes what differs between {@code before} and {@code now}. */
    static void change(Sql sql, long n, Message before, Message now) {
        changeReactions(sql, n, before.reactions(), now.reactions());
        now.feedback().forEach((user, given) -> {
            if (!given.equals(before.feedback().get(user))) {
                put(sql, n, user, given);
            }
        });
        before.feedback()
                .keySet()
                .stream()
                .filter(user -> !now.feedback().containsKey(user))
                .forEach(user -> sql.update(
                        "DELETE FROM feedback WHERE message = ? AND user = ?", n, user.value()));
        changeReceipts(sql, n, before, now);
        if (!before.attachments().equals(now.attachments())) {
            AttachmentRows.ofMessage(sql, n, now.attachments());
        }
    }

    private static void changeReactions(
            Sql sql, long n, Map<String, Set<UserId>> before, Map<String, Set<UserId>> now) {
        before.forEach((emoji, users) -> users.stream()
                .filter(user -> !now.getOrDefault(emoji, Set.of()).contains(user))
                .forEach(user -> sql.update(
                        "DELETE FROM reaction WHERE message = ? AND emoji = ? AND user = ?", n, emoji, user.value())));
        now.forEach((emoji, users) -> users.stream()
                .filter(user -> !before.getOrDefault(emoji, Set.of()).contains(user))
                .forEach(user -> sql.update(
                        "INSERT INTO reaction (message, place, emoji, user) VALUES (?1, coalesce("
                                + "(SELECT place FROM reaction WHERE message = ?1 AND emoji = ?2),"
                                + " (SELECT max(place) + 1 FROM reaction WHERE message = ?1), 1), ?2, ?3)",
                        n,
                        emoji,
                        user.value())));
    }

    private static void put(Sql sql, long n, UserId user, Feedback given) {
        sql.update(
                "INSERT INTO feedback (message, user, helpful, rating) VALUES (?1, ?2, ?3, ?4)"
                        + " ON CONFLICT (message, user) DO UPDATE SET helpful = ?3, rating = ?4",
                n,
                user.value(),
                helpful(given),
                given.rating().orElse(null));
    }

    static @Nullable Integer helpful(Feedback given) {
        return given.helpful().map(helpful -> helpful ? 1 : 0).orElse(null);
    }

    private static void changeReceipts(Sql sql, long n, Message before, Message now) {
        Set<UserId> users = new LinkedHashSet<>(now.deliveredTo().keySet());
        users.addAll(now.readBy().keySet());
        Set<UserId> gone = new LinkedHashSet<>(before.deliveredTo().keySet());
        gone.addAll(before.readBy().keySet());
        gone.removeAll(users);
        for (UserId user : gone) {
            sql.update("DELETE FROM receipt WHERE message = ? AND user = ?", n, user.value());
        }
        for (UserId user : users) {
            Optional<Instant> delivered = Optional.ofNullable(now.deliveredTo().get(user));
            Optional<Instant> read = Optional.ofNullable(now.readBy().get(user));
            if (!delivered.equals(Optional.ofNullable(before.deliveredTo().get(user)))
                    || !read.equals(Optional.ofNullable(before.readBy().get(user)))) {
                sql.update(
                        "INSERT INTO receipt (message, user, delivered_at, read_at) VALUES (?1, ?2, ?3, ?4)"
                                + " ON CONFLICT (message, user) DO UPDATE SET delivered_at = ?3, read_at = ?4",
                        n,
                        user.value(),
                        delivered.map(Times::nanos).orElse(null),
                        read.map(Times::nanos).orElse(null));
            }
        }
    }
}
