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
import java.util.List;
import java.util.Optional;

final class SqliteMessageStore implements MessageStore {
    private static final String NOTHING_LEFT_OUT = "";
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

    SqliteMessageStore(Writer writer, Readers readers, SearchIndex index) {
        this.writer = writer;
        this.readers = readers;
        this.index = index;
    }

    @Override
    public Optional<Message> find(MessageId id) {
        return readers.read(sql -> MessageRows.one(sql, "WHERE m.id = ?", id.value()).map(MessageRows.Stored::message));
    }

    @Override
    public Optional<Message> sentAs(SessionId session, ClientKey key) {
        return readers.read(sql -> number(sql, session).flatMap(n -> sentAs(sql, n, key)));
    }

    static Optional<Message> sentAs(Sql sql, long session, ClientKey key) {
        return MessageRows.one(
                sql,
                "WHERE m.session = ? AND m.client_id = ? AND m.author = ? AND m.agent = 0 ORDER BY m.n DESC LIMIT 1",
                session,
                key.clientId(),
                key.user().value())
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
        return switch (slice) {
            case Slice.Newest(int limit) -> before(sql, session, Long.MAX_VALUE, limit, NOTHING_LEFT_OUT);
            case Slice.FromOldest(long offset, int limit) -> MessageRows.messages(
                    sql, "WHERE m.session = ? ORDER BY m.position LIMIT ? OFFSET ?", session, limit, offset);
            case Slice.Before(MessageId id, int limit) -> position(sql, session, id)
                    .map(position -> before(sql, session, position - 1, limit, NOTHING_LEFT_OUT))
                    .orElse(List.of());
            case Slice.After(MessageId id, int limit) -> position(sql, session, id)
                    .map(position -> MessageRows.messages(
                            sql,
                            "WHERE m.session = ? AND m.position > ? ORDER BY m.position LIMIT ?",
                            session,
                            position,
                            limit))
                    .orElse(List.of());
        };
    }

    /** The newest at or before {@code last}, oldest first. */
    private static List<Message> before(Sql sql, long session, long last, int limit, String condition) {
        return MessageRows.messages(
                sql,
                "WHERE m.session = ? AND m.position <= ?" + condition + " ORDER BY m.position DESC LIMIT ?",
                session,
                last,
                limit)
                .reversed();
    }

    @Override
    public List<Message> context(SessionId session, long until, int limit) {
        return readers.read(sql -> number(sql, session)
                .map(n -> before(
                        sql,
                        n,
                        until,
                        limit,
                        " AND m.deleted_at IS NULL AND m.superseded_by IS NULL AND m.status IS NOT 'RUNNING'"))
                .orElse(List.of()));
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
