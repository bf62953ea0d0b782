package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.UserId;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the rows of messages. */
final class MessageWriting {
    private static final String INSERT = """
            INSERT INTO message (n, id, session, position, added_at, started, previous, client_id, parent, agent, author, author_name,
                                 role, content, created_at, metadata)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    private static final String INSERT_MORE = """
            INSERT INTO message (n, id, session, position, added_at, started, previous, client_id, parent, agent, author, author_name,
                                 role, content, created_at, metadata, edited_at, deleted_at, extras, question, status,
                                 error, model, fallback, tokens, processing_time, first_token_time, versions, superseded_by)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    private static final String UPDATE = """
            UPDATE message SET parent = ?, agent = ?, author = ?, author_name = ?, role = ?, content = ?, created_at = ?,
                   metadata = ?, edited_at = ?, deleted_at = ?, extras = ?, question = ?, status = ?,
                   error = ?, model = ?, fallback = ?, tokens = ?, processing_time = ?, first_token_time = ?, versions = ?,
                   superseded_by = ?
            WHERE n = ?
            """;

    private MessageWriting() {}

    /** Adds the message with the number {@code n}, at the position it says. */
    static void insert(Tables tables, long n, Known session, Instant addedAt, boolean started, Message message) {
        Sql sql = tables.sql();
        boolean more = message.reply().isPresent()
                || MessageExtras.of(message) != 0
                || message.editedAt().isPresent()
                || message.deleted();
        try {
            if (more) {
                sql.update(INSERT_MORE, joined(row(n, session, addedAt, started, message), rest(message)));
            } else {
                sql.update(INSERT, row(n, session, addedAt, started, message));
            }
        } catch (Sql.Taken taken) {
            throw new IllegalStateException("Expected a new message id, found one that is taken", taken);
        }
        tables.search().added(n);
        if (more) {
            MessageExtras.change(sql, n, MessageRows.bare(message), message);
        }
    }

    private static @Nullable Object[] row(long n, Known session, Instant addedAt, boolean started, Message message) {
        @Nullable
        Object[] place = {
            n,
            message.id().value(),
            session.n(),
            message.position(),
            Times.nanos(addedAt),
            started ? 1 : 0,
            session.newest() == null ? null : session.newest().n(),
            message.clientId().orElse(null)
        };
        return joined(place, said(message));
    }

    /** Who said what, and when. */
    private static @Nullable Object[] said(Message message) {
        return new @Nullable Object[] {
            message.parent().map(MessageId::value).orElse(null),
            agent(message),
            author(message),
            message.author().name(),
            message.role().name(),
            message.content(),
            Times.nanos(message.createdAt()),
            metadata(message)
        };
    }

    /** What most messages do not have. */
    private static @Nullable Object[] rest(Message message) {
        Optional<ReplyFacts> facts = message.reply();
        return new @Nullable Object[] {
            message.editedAt().map(Times::nanos).orElse(null),
            message.deletedAt().map(Times::nanos).orElse(null),
            MessageExtras.of(message),
            facts.map(known -> known.question().value()).orElse(null),
            facts.map(known -> known.status().name()).orElse(null),
            facts.flatMap(ReplyFacts::error).map(Enum::name).orElse(null),
            facts.map(ReplyFacts::model).orElse(null),
            facts.map(known -> known.fallback() ? 1 : 0).orElse(null),
            facts.flatMap(ReplyFacts::tokens).orElse(null),
            facts.flatMap(ReplyFacts::processingTime).map(Times::nanos).orElse(null),
            facts.flatMap(ReplyFacts::timeToFirstToken).map(Times::nanos).orElse(null),
            facts.map(MessageWriting::versions).orElse(null),
            facts.flatMap(ReplyFacts::supersededBy).map(MessageId::value).orElse(null)
        };
    }

    /** Writes what differs between {@code before} and {@code now}. */
    static void update(Tables tables, long n, Message before, Message now) {
        Sql sql = tables.sql();
        if (!MessageRows.bare(before).equals(MessageRows.bare(now))) {
            updateRow(sql, n, now);
        } else if (MessageExtras.of(before) != MessageExtras.of(now)) {
            sql.update("UPDATE message SET extras = ? WHERE n = ?", MessageExtras.of(now), n);
        }
        MessageExtras.change(sql, n, before, now);
        if (!before.content().equals(now.content()) || before.deleted() != now.deleted()) {
            tables.search().changed(sql, n);
        }
    }

    private static void updateRow(Sql sql, long n, Message message) {
        sql.update(UPDATE, joined(joined(said(message), rest(message)), n));
    }

    private static @Nullable Object[] joined(@Nullable Object[] some, @Nullable Object... more) {
        @Nullable
        Object[] joined = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, joined, some.length, more.length);
        return joined;
    }

    private static String versions(ReplyFacts facts) {
        return facts.versions().stream().map(MessageId::value).collect(Collectors.joining(" "));
    }

    private static int agent(Message message) {
        return switch (message.author()) {
            case Author.Person person -> 0;
            case Author.Agent agent -> 1;
        };
    }

    private static String author(Message message) {
        return switch (message.author()) {
            case Author.Person(UserId user, String name) -> user.value();
            case Author.Agent(String id, String name) -> id;
        };
    }

    private static @Nullable String metadata(Message message) {
        return message.metadata().equals(ClientMetadata.NONE) ? null : message.metadata().json();
    }
}
