package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.message.Words;
import dev.parley.domain.session.SessionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the rows of messages. */
final class MessageRows {
    /** Table {@code m}; the session is joined because messages of purged ones are gone although their rows may not be. */
    static final String SELECT = """
            SELECT m.n, m.id, s.id, m.position, m.added_at, m.started, m.parent, m.agent, m.author, m.author_name, m.role,
                   m.content, m.created_at, m.edited_at, m.deleted_at, m.client_id, m.metadata, m.extras, m.question,
                   m.status, m.error, m.model, m.fallback, m.tokens, m.processing_time, m.first_token_time, m.versions,
                   m.superseded_by
            FROM message m JOIN session s ON s.n = m.session
            """;

    /** How many rows are asked for in one statement; their places come in powers of two, so that few statements do. */
    private static final int AT_ONCE = 256;

    /**
     * A row and the message in it.
     *
     * @param started whether it was added as a reply that starts
     */
    record Stored(long n, Instant addedAt, boolean started, Message message) {}

    private record Bare(long n, Instant addedAt, boolean started, int extras, Message message) {}

    private MessageRows() {}

    static Optional<Stored> one(Sql sql, String where, @Nullable Object... arguments) {
        return sql.one(SELECT + where, MessageRows::read, arguments).map(bare -> whole(sql, bare));
    }

    static List<Stored> list(Sql sql, String where, @Nullable Object... arguments) {
        List<Bare> found = sql.list(SELECT + where, MessageRows::read, arguments);
        List<Stored> whole = new ArrayList<>(found.size());
        found.forEach(bare -> whole.add(whole(sql, bare)));
        return whole;
    }

    /** Those with the numbers, oldest first: in a session numbers grow with positions. */
    static List<Stored> numbered(Sql sql, List<Long> numbers) {
        if (numbers.isEmpty()) {
            return List.of();
        }
        List<Stored> found = new ArrayList<>(numbers.size());
        List<Long> ascending = numbers.stream().sorted().toList();
        for (int from = 0; from < ascending.size(); from += AT_ONCE) {
            found.addAll(together(sql, ascending.subList(from, Math.min(from + AT_ONCE, ascending.size()))));
        }
        return found;
    }

    private static List<Stored> together(Sql sql, List<Long> numbers) {
        Object[] arguments = padded(numbers);
        return list(sql, "WHERE m.n IN (" + places(arguments) + ") ORDER BY m.n", arguments);
    }

    private static Object[] padded(List<Long> numbers) {
        Object[] arguments = new Object[Integer.highestOneBit(Math.max(1, numbers.size() - 1)) * 2];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = numbers.get(Math.min(i, numbers.size() - 1));
        }
        return arguments;
    }

    private static String places(Object[] arguments) {
        return "?" + ", ?".repeat(arguments.length - 1);
    }

    private static boolean says(List<String> words, List<String> wanted) {
        String last = wanted.get(wanted.size() - 1);
        return words.containsAll(wanted.subList(0, wanted.size() - 1))
                && words.stream().anyMatch(word -> word.startsWith(last));
    }

    /** Those of the numbers, given and returned newest first, whose messages are there and hold all the words. */
    static List<Long> saying(Sql sql, List<Long> newestFirst, List<String> words) {
        List<Long> saying = new ArrayList<>();
        for (int from = 0; from < newestFirst.size(); from += AT_ONCE) {
            Object[] arguments = padded(newestFirst.subList(from, Math.min(from + AT_ONCE, newestFirst.size())));
            sql.list(
                    "SELECT n, content FROM message WHERE deleted_at IS NULL AND n IN (" + places(arguments)
                            + ") ORDER BY n DESC",
                    row -> says(Words.of(row.getString(2)), words) && saying.add(row.getLong(1)),
                    arguments);
        }
        return saying;
    }

    static List<Message> messages(Sql sql, String where, @Nullable Object... arguments) {
        return list(sql, where, arguments).stream().map(Stored::message).toList();
    }

    private static Stored whole(Sql sql, Bare bare) {
        Message message = bare.message();
        if (bare.extras() != 0) {
            Map<UserId, Instant> delivered = new LinkedHashMap<>();
            Map<UserId, Instant> read = new LinkedHashMap<>();
            if ((bare.extras() & MessageExtras.RECEIPTS) != 0) {
                MessageExtras.receipts(sql, bare.n(), delivered, read);
            }
            message = with(
                    message,
                    (bare.extras() & MessageExtras.REACTIONS) != 0 ? MessageExtras.reactions(sql, bare.n()) : Map.of(),
                    (bare.extras() & MessageExtras.FEEDBACK) != 0 ? MessageExtras.feedback(sql, bare.n()) : Map.of(),
                    delivered,
                    read,
                    (bare.extras() & MessageExtras.ATTACHMENTS) != 0
                            ? AttachmentRows.ofMessage(sql, bare.n())
                            : List.of());
        }
        return new Stored(bare.n(), bare.addedAt(), bare.started(), message);
    }

    /** The message as its row alone tells it. */
    static Message bare(Message message) {
        return with(message, Map.of(), Map.of(), Map.of(), Map.of(), List.of());
    }

    private static Message with(
            Message message,
            Map<String, Set<UserId>> reactions,
            Map<UserId, Feedback> feedback,
            Map<UserId, Instant> delivered,
            Map<UserId, Instant> read,
            List<Attachment> attachments) {
        return new Message(
                message.id(),
                message.session(),
                message.position(),
                message.parent(),
                message.author(),
                message.role(),
                message.content(),
                message.createdAt(),
                message.editedAt(),
                message.deletedAt(),
                message.clientId(),
                message.metadata(),
                reactions,
                feedback,
                delivered,
                read,
                message.reply(),
                attachments);
    }

    private static Bare read(ResultSet row) throws SQLException {
        Message message = new Message(
                new MessageId(row.getString(2)),
                new SessionId(row.getString(3)),
                row.getLong(4),
                Optional.ofNullable(row.getString(7)).map(MessageId::new),
                author(row),
                Role.valueOf(row.getString(11)),
                row.getString(12),
                Times.instant(row.getLong(13)),
                instant(row, 14),
                instant(row, 15),
                Optional.ofNullable(row.getString(16)),
                Optional.ofNullable(row.getString(17)).map(ClientMetadata::new).orElse(ClientMetadata.NONE),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                facts(row),
                List.of());
        return new Bare(
                row.getLong(1), Times.instant(row.getLong(5)), row.getInt(6) != 0, row.getInt(18), message);
    }

    private static Author author(ResultSet row) throws SQLException {
        return row.getInt(8) != 0
                ? new Author.Agent(row.getString(9), row.getString(10))
                : new Author.Person(new UserId(row.getString(9)), row.getString(10));
    }

    private static Optional<ReplyFacts> facts(ResultSet row) throws SQLException {
        String question = row.getString(19);
        if (question == null) {
            return Optional.empty();
        }
        return Optional.of(new ReplyFacts(
                new MessageId(question),
                ReplyStatus.valueOf(row.getString(20)),
                Optional.ofNullable(row.getString(21)).map(ErrorCode::valueOf),
                row.getString(22),
                row.getInt(23) != 0,
                optional(row, row.getInt(24)),
                optional(row, row.getLong(25)).map(Duration::ofNanos),
                optional(row, row.getLong(26)).map(Duration::ofNanos),
                ids(row.getString(27)),
                Optional.ofNullable(row.getString(28)).map(MessageId::new)));
    }

    /** The value that was read last, unless it was not there. */
    private static <T> Optional<T> optional(ResultSet row, T value) throws SQLException {
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        return optional(row, row.getLong(column)).map(Times::instant);
    }

    /** Ids hold no blank, so blanks part them. */
    private static List<MessageId> ids(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(" ")).stream().map(MessageId::new).toList();
    }
}
