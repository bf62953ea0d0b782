package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Version;
import dev.parley.domain.message.Words;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class SqliteMessageStore implements MessageStore {
    /** Messages read beyond those wanted, since some may not be readable. */
    private static final int CONTEXT_SPARE = 2;

    /** Asks for the number alone: mostly there is none, and the driver fetches the name of each column every time. */
    private static final String SENT_AS = """
            SELECT m.n FROM message_client c JOIN message m ON m.n = c.message
            WHERE c.session = ? AND c.client_id = ? AND m.author = ? AND m.agent = 0 ORDER BY m.n DESC LIMIT 1
            """;
    private static final String DESCENDANTS = """
            WITH RECURSIVE family (id) AS (
                VALUES (?1)
                UNION
                SELECT child.id FROM message child JOIN family ON child.parent = family.id
                WHERE child.session = (SELECT session FROM message WHERE id = ?1)
            )
            """;

    private final Writer writer;
    private final Readers readers;
    private final SearchIndex index;
    private final SentNames names;
    private final NewestMessages newest;
    private final int readThrough;

    SqliteMessageStore(Writer writer, Readers readers, SearchIndex index, SentNames names, NewestMessages newest,
            int readThrough) {
        this.writer = writer;
        this.readers = readers;
        this.index = index;
        this.names = names;
        this.newest = newest;
        this.readThrough = readThrough;
    }

    @Override
    public Optional<Message> find(MessageId id) {
        return readers.read(sql -> MessageRows.one(sql, "WHERE m.id = ?", id.value()).map(MessageRows.Stored::message));
    }

    @Override
    public Optional<Message> sentAs(SessionId session, ClientKey key) {
        if (names.surelyNew(session, key.clientId())) {
            return Optional.empty();
        }
        return readers.read(sql -> number(sql, session).flatMap(n -> recentSentAs(sql, n, key)
                .or(() -> settledSentAs(sql, n, key))));
    }

    private static Optional<Message> recentSentAs(Sql sql, long session, ClientKey key) {
        return Places.recentlySent(sql, session, key)
                .flatMap(n -> MessageRows.one(sql, "WHERE m.n = ?", n))
                .map(MessageRows.Stored::message);
    }

    /** Looks for it among the messages that are not recent. */
    static Optional<Message> settledSentAs(Sql sql, long session, ClientKey key) {
        return sql.one(
                SENT_AS, row -> row.getLong(1), session, key.clientId(), key.user().value())
                .flatMap(n -> MessageRows.one(sql, "WHERE m.n = ?", n))
                .map(MessageRows.Stored::message);
    }

    private static Optional<Long> number(Sql sql, SessionId session) {
        return sql.one("SELECT n FROM session WHERE id = ?", row -> row.getLong(1), session.value());
    }

    private static Optional<Long> position(Sql sql, long session, MessageId id) {
        return sql.one(
                "SELECT position FROM message WHERE id = ? AND session = ?", row -> row.getLong(1), id.value(), session);
    }

    @Override
    public Page<Message> page(SessionId session, Slice slice) {
        return readers.read(sql -> {
            Optional<Long> n = number(sql, session);
            return n.isEmpty()
                    ? new Page<>(List.of(), 0)
                    : new Page<>(
                            part(sql, n.get(), slice),
                            sql.number("SELECT messages FROM session_state WHERE n = ?", n.get()));
        });
    }

    private static List<Message> part(Sql sql, long session, Slice slice) {
        List<Long> numbers = switch (slice) {
            case Slice.Newest(int limit) -> Places.before(sql, session, Long.MAX_VALUE, limit);
            case Slice.FromOldest(long offset, int limit) -> Places.after(sql, session, 0, offset, limit);
            case Slice.Before(MessageId id, int limit) -> position(sql, session, id)
                    .map(position -> Places.before(sql, session, position - 1, limit))
                    .orElse(List.of());
            case Slice.After(MessageId id, int limit) -> position(sql, session, id)
                    .map(position -> Places.after(sql, session, position, 0, limit))
                    .orElse(List.of());
        };
        return messages(sql, numbers);
    }

    private static List<Message> messages(Sql sql, List<Long> numbers) {
        return MessageRows.numbered(sql, numbers).stream().map(MessageRows.Stored::message).toList();
    }

    @Override
    public List<Message> context(SessionId session, long until, int limit) {
        return newest.readable(session, until, limit)
                .orElseGet(() -> readers.read(sql -> number(sql, session)
                        .map(n -> readable(sql, n, until, limit))
                        .orElse(List.of())));
    }

    private static List<Message> readable(Sql sql, long session, long until, int limit) {
        List<Message> newestFirst = new ArrayList<>();
        long last = until;
        while (newestFirst.size() < limit) {
            List<Message> some = messages(sql, Places.before(sql, session, last, limit + CONTEXT_SPARE));
            if (some.isEmpty()) {
                break;
            }
            for (Message message : some.reversed()) {
                if (newestFirst.size() < limit && NewestMessages.readable(message)) {
                    newestFirst.add(message);
                }
            }
            last = some.getFirst().position() - 1;
        }
        return newestFirst.reversed();
    }

    @Override
    public Page<Message> thread(MessageId root, PageRequest request) {
        return readers.read(sql -> new Page<>(
                MessageRows.messages(
                        sql,
                        "JOIN (" + DESCENDANTS + "SELECT id AS kin FROM family WHERE id <> ?1) ON kin = m.id"
                                + " ORDER BY m.position LIMIT ?2 OFFSET ?3",
                        root.value(),
                        request.limit(),
                        request.offset()),
                sql.number(
                        "SELECT count(*) FROM (" + DESCENDANTS + "SELECT id AS kin FROM family WHERE id <> ?1)"
                                + " JOIN message m ON m.id = kin JOIN session s ON s.n = m.session",
                        root.value())));
    }

    @Override
    public Page<Message> search(SessionId session, String query, PageRequest request) {
        List<String> words = Words.of(query);
        if (words.isEmpty()) {
            return new Page<>(List.of(), 0);
        }
        if (readThrough > 0) {
            Optional<Page<Message>> read = readers.read(sql -> readThrough(sql, session, words, request));
            if (read.isPresent()) {
                return read.get();
            }
        }
        long newest = index.newest();
        while (!index.covers(newest)) {
            writer.write(tables -> {
                index.index(tables.sql(), SearchIndex.MUCH);
                return true;
            });
        }
        return readers.read(sql -> number(sql, session)
                .map(n -> found(sql, SearchIndex.expression(n, words), request))
                .orElse(new Page<>(List.of(), 0)));
    }

    /** Empty when there are too many messages to read them all. */
    private Optional<Page<Message>> readThrough(Sql sql, SessionId session, List<String> words, PageRequest request) {
        Optional<Long> n = number(sql, session);
        if (n.isPresent()
                && sql.number("SELECT messages FROM session_state WHERE n = ?", n.get()) > readThrough) {
            return Optional.empty();
        }
        List<Long> found = n.map(known -> MessageRows.saying(sql, Places.before(sql, known, Long.MAX_VALUE, readThrough), words))
                .orElse(List.of());
        List<Long> part = found.stream().skip(request.offset()).limit(request.limit()).toList();
        return Optional.of(new Page<>(messages(sql, part).reversed(), found.size()));
    }

    private static Page<Message> found(Sql sql, String expression, PageRequest request) {
        List<Message> part = MessageRows.messages(
                sql,
                "WHERE m.n IN (SELECT message_words.rowid FROM message_words JOIN message g ON g.n = message_words.rowid"
                        + " WHERE message_words MATCH ? AND g.deleted_at IS NULL ORDER BY message_words.rowid DESC LIMIT ? OFFSET ?)"
                        + " ORDER BY m.n DESC",
                expression,
                request.limit(),
                request.offset());
        return new Page<>(
                part,
                sql.number(
                        "SELECT count(*) FROM message_words JOIN message g ON g.n = message_words.rowid"
                                + " WHERE message_words MATCH ? AND g.deleted_at IS NULL",
                        expression));
    }

    @Override
    public List<Version> versions(MessageId id) {
        return readers.read(sql -> sql.list(
                "SELECT v.content, v.written_at, v.replaced_at, v.replaced_by FROM version v JOIN message m ON m.n = v.message"
                        + " JOIN session s ON s.n = m.session WHERE m.id = ? ORDER BY v.n",
                row -> new Version(
                        row.getString(1),
                        Times.instant(row.getLong(2)),
                        Times.instant(row.getLong(3)),
                        new UserId(row.getString(4))),
                id.value()));
    }
}
