package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore.Feed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes changes. Those that add a message are the message's own row, all others have one here. */
final class ChangeRows {
    private static final String SELECT =
            "SELECT position, at, kind, message, user, by_user, detail, flag, number FROM change"
                    + " WHERE session = ? AND position > ? ORDER BY position LIMIT ?";

    /** The name under which a kind of change is kept. */
    private enum Kind {
        SESSION_OPENED,
        SESSION_CHANGED,
        SESSION_CLOSED,
        MEMBER_JOINED,
        MEMBER_LEFT,
        MESSAGE_EDITED,
        MESSAGE_DELETED,
        REACTION_CHANGED,
        FEEDBACK_GIVEN,
        RECEIPT_GIVEN,
        REPLY_ENDED,
        ATTACHMENT_ADDED,
        ATTACHMENT_REMOVED,
        ATTACHMENTS_CHANGED
    }

    /** What a change says besides the state it leads to. */
    private record Details(
            Kind kind,
            @Nullable String user,
            @Nullable String by,
            @Nullable String detail,
            @Nullable Integer flag,
            @Nullable Integer number) {}

    private record Row(long position, Instant at, long message, Details details) {}

    private ChangeRows() {}

    static void insert(Sql sql, long session, Optional<Long> message, Change change) {
        Details details = details(change.body());
        sql.update(
                "INSERT INTO change (session, position, at, kind, message, user, by_user, detail, flag, number)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                session,
                change.position(),
                Times.nanos(change.at()),
                details.kind().name(),
                message.orElse(null),
                details.user(),
                details.by(),
                details.detail(),
                details.flag(),
                details.number());
    }

    private static Details details(Change.Body body) {
        return switch (body) {
            case Change.SessionOpened(Session session) -> by(Kind.SESSION_OPENED, null);
            case Change.SessionChanged(Session session, UserId by) -> by(Kind.SESSION_CHANGED, by);
            case Change.SessionClosed(Session session, UserId by) -> by(Kind.SESSION_CLOSED, by);
            case Change.MemberJoined(Session session, UserId user, String name) -> new Details(
                    Kind.MEMBER_JOINED, user.value(), null, name, null, null);
            case Change.MemberLeft(Session session, UserId user, UserId by) -> new Details(
                    Kind.MEMBER_LEFT, user.value(), by.value(), null, null, null);
            case Change.MessageEdited(Message message, UserId by) -> by(Kind.MESSAGE_EDITED, by);
            case Change.MessageDeleted(Message message, UserId by) -> by(Kind.MESSAGE_DELETED, by);
            case Change.ReactionChanged(Message message, UserId user, String emoji, boolean added) -> new Details(
                    Kind.REACTION_CHANGED, user.value(), null, emoji, added ? 1 : 0, null);
            case Change.FeedbackGiven(Message message, UserId user, Feedback given) -> new Details(
                    Kind.FEEDBACK_GIVEN,
                    user.value(),
                    null,
                    null,
                    MessageExtras.helpful(given),
                    given.rating().orElse(null));
            case Change.ReceiptGiven(Message message, UserId user, Receipt receipt) -> new Details(
                    Kind.RECEIPT_GIVEN, user.value(), null, receipt.name(), null, null);
            case Change.ReplyEnded(Message message) -> by(Kind.REPLY_ENDED, null);
            case Change.AttachmentAdded(AttachmentId id, var attachment, UserId by) -> new Details(
                    Kind.ATTACHMENT_ADDED, null, by.value(), id.value(), null, null);
            case Change.AttachmentRemoved(AttachmentId id, UserId by) -> new Details(
                    Kind.ATTACHMENT_REMOVED, null, by.value(), id.value(), null, null);
            case Change.AttachmentsChanged(Message message, UserId by) -> by(Kind.ATTACHMENTS_CHANGED, by);
            case Change.MessageAdded added -> throw new IllegalArgumentException("A message's row is its own change");
            case Change.ReplyStarted started -> throw new IllegalArgumentException("A message's row is its own change");
        };
    }

    private static Details by(Kind kind, @Nullable UserId by) {
        return new Details(kind, null, by == null ? null : by.value(), null, null, null);
    }

    static Feed after(Sql sql, SessionId id, long position, int limit) {
        Optional<Known> known = SessionRows.bare(sql, id);
        if (known.isEmpty() || position < 0 || position > known.get().session().position()) {
            return new Feed.Lost();
        }
        long session = known.get().n();
        List<MessageRows.Stored> added =
                MessageRows.numbered(sql, Places.after(sql, session, position, 0, Math.max(0, limit)));
        List<Row> others = sql.list(SELECT, ChangeRows::read, session, position, limit);
        if (position < Forgetting.until(sql, session)) {
            return new Feed.Lost();
        }
        return new Feed.Changes(new Merge(sql, known.get(), added, others).upTo(position, limit));
    }

    private static Row read(ResultSet row) throws SQLException {
        Integer flag = row.getInt(8);
        flag = row.wasNull() ? null : flag;
        Integer number = row.getInt(9);
        number = row.wasNull() ? null : number;
        return new Row(
                row.getLong(1),
                Times.instant(row.getLong(2)),
                row.getLong(4),
                new Details(
                        Kind.valueOf(row.getString(3)),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        flag,
                        number));
    }

    /** Brings both kinds of rows into one order. */
    private static final class Merge {
        private final Sql sql;
        private final Known known;
        private final Session session;
        private final List<MessageRows.Stored> added;
        private final List<Row> others;
        private final Map<Long, Message> messages = new HashMap<>();
        private Optional<Session> whole = Optional.empty();

        Merge(Sql sql, Known known, List<MessageRows.Stored> added, List<Row> others) {
            this.sql = sql;
            this.known = known;
            this.session = known.session();
            this.added = added;
            this.others = others;
            added.forEach(stored -> messages.put(stored.n(), stored.message()));
        }

        List<Change> upTo(long position, int limit) {
            List<Change> changes = new ArrayList<>();
            int nextAdded = 0;
            int nextOther = 0;
            while (changes.size() < limit && position + changes.size() < session.position()) {
                long wanted = position + changes.size() + 1;
                if (nextAdded < added.size() && added.get(nextAdded).message().position() == wanted) {
                    changes.add(change(added.get(nextAdded++)));
                } else if (nextOther < others.size() && others.get(nextOther).position() == wanted) {
                    changes.add(change(others.get(nextOther++)));
                } else {
                    throw new CorruptDataException(
                            "Expected change " + wanted + " of session " + session.id() + ", found none");
                }
            }
            return changes;
        }

        private Change change(MessageRows.Stored stored) {
            return new Change(
                    session.id(),
                    stored.message().position(),
                    stored.addedAt(),
                    stored.started()
                            ? new Change.ReplyStarted(stored.message())
                            : new Change.MessageAdded(stored.message()));
        }

        private Change change(Row row) {
            return new Change(session.id(), row.position(), row.at(), body(row));
        }

        private Message message(Row row) {
            return messages.computeIfAbsent(row.message(), n -> MessageRows.one(sql, "WHERE m.n = ?", n)
                    .map(MessageRows.Stored::message)
                    .orElseThrow(() -> new CorruptDataException("Expected the message of change " + row.position()
                            + " of session " + session.id() + ", found none")));
        }

        /** With its members, who are many and seldom asked for. */
        private Session whole() {
            if (whole.isEmpty()) {
                whole = Optional.of(SessionRows.withMembers(sql, known).session());
            }
            return whole.get();
        }

        private Change.Body body(Row row) {
            Details said = row.details();
            return switch (said.kind()) {
                case SESSION_OPENED -> new Change.SessionOpened(whole());
                case SESSION_CHANGED -> new Change.SessionChanged(whole(), user(said.by()));
                case SESSION_CLOSED -> new Change.SessionClosed(whole(), user(said.by()));
                case MEMBER_JOINED -> new Change.MemberJoined(whole(), user(said.user()), text(said.detail()));
                case MEMBER_LEFT -> new Change.MemberLeft(whole(), user(said.user()), user(said.by()));
                case MESSAGE_EDITED -> new Change.MessageEdited(message(row), user(said.by()));
                case MESSAGE_DELETED -> new Change.MessageDeleted(message(row), user(said.by()));
                case REACTION_CHANGED -> new Change.ReactionChanged(
                        message(row), user(said.user()), text(said.detail()), Integer.valueOf(1).equals(said.flag()));
                case FEEDBACK_GIVEN -> new Change.FeedbackGiven(
                        message(row),
                        user(said.user()),
                        new Feedback(
                                Optional.ofNullable(said.flag()).map(flag -> flag != 0),
                                Optional.ofNullable(said.number())));
                case RECEIPT_GIVEN -> new Change.ReceiptGiven(
                        message(row), user(said.user()), Receipt.valueOf(text(said.detail())));
                case REPLY_ENDED -> new Change.ReplyEnded(message(row));
                case ATTACHMENT_ADDED -> {
                    AttachmentId id = new AttachmentId(text(said.detail()));
                    yield new Change.AttachmentAdded(id, AttachmentRows.find(sql, known.n(), id), user(said.by()));
                }
                case ATTACHMENT_REMOVED -> new Change.AttachmentRemoved(
                        new AttachmentId(text(said.detail())), user(said.by()));
                case ATTACHMENTS_CHANGED -> new Change.AttachmentsChanged(message(row), user(said.by()));
            };
        }

        private static UserId user(@Nullable String value) {
            return new UserId(text(value));
        }

        private static String text(@Nullable String value) {
            if (value == null) {
                throw new CorruptDataException("Expected a change with all its details, found one without");
            }
            return value;
        }
    }
}
