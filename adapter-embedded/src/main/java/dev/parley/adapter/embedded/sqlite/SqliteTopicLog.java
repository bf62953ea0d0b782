package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.UserId;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import dev.parley.domain.topic.TopicLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class SqliteTopicLog implements TopicLog {
    /** So many entries are looked at whether they can be forgotten whenever one is added. */
    private static final int FORGOTTEN_AT_ONCE = 4;

    private static final int ENDED_AT_ONCE = 100;

    private final Writer writer;
    private final Readers readers;

    SqliteTopicLog(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    @Override
    public TopicEntry append(TopicId topic, Instant at, Publication publication) {
        return writer.write(tables -> {
            Sql sql = tables.sql();
            long n = made(sql, topic);
            sql.update("UPDATE topic SET newest = newest + 1 WHERE n = ?", n);
            long position = sql.number("SELECT newest FROM topic WHERE n = ?", n);
            Kept kept = Kept.of(publication);
            sql.update(
                    "INSERT INTO topic_entry (topic, position, at, kind, type, payload) VALUES (?, ?, ?, ?, ?, ?)",
                    n,
                    position,
                    Times.nanos(at),
                    kept.kind(),
                    kept.type().orElse(null),
                    publication.payload());
            if (position > KEPT_ENTRIES) {
                forgetOldest(sql, n, position, at);
            }
            return new TopicEntry(topic, position, at, publication);
        });
    }

    /** Looks at a few of the oldest only, so that a topic with a million young entries costs no more than any other. */
    private static void forgetOldest(Sql sql, long n, long newest, Instant at) {
        sql.update(
                "DELETE FROM topic_entry WHERE at < ?4 AND n IN (SELECT n FROM topic_entry"
                        + " WHERE topic = ?1 AND position <= ?2 ORDER BY position LIMIT ?3)",
                n,
                newest - KEPT_ENTRIES,
                FORGOTTEN_AT_ONCE,
                Times.nanos(at.minus(KEPT_FOR)));
    }

    @Override
    public Stretch after(TopicId topic, long position, int limit) {
        return readers.read(sql -> {
            long newest = newest(sql, topic);
            if (position < 0 || position > newest) {
                return new Stretch.Lost();
            }
            List<TopicEntry> entries = sql.list(
                    "SELECT e.position, e.at, e.kind, e.type, e.payload FROM topic_entry e JOIN topic t ON t.n = e.topic"
                            + " WHERE t.id = ? AND e.position > ? ORDER BY e.position LIMIT ?",
                    row -> entry(topic, row),
                    topic.value(),
                    position,
                    limit);
            boolean whole = entries.isEmpty() ? position == newest : entries.getFirst().position() == position + 1;
            return whole ? new Stretch.Entries(entries) : new Stretch.Lost();
        });
    }

    @Override
    public long newest(TopicId topic) {
        return readers.read(sql -> newest(sql, topic));
    }

    @Override
    public Audience audience(TopicId topic) {
        return readers.read(sql -> {
            boolean restricted = sql.number("SELECT restricted FROM topic WHERE id = ?", topic.value()) == 1;
            return restricted
                    ? new Audience.Only(new HashSet<>(sql.list(
                            "SELECT a.user FROM topic_audience a JOIN topic t ON t.n = a.topic WHERE t.id = ?",
                            row -> new UserId(row.getString(1)),
                            topic.value())))
                    : new Audience.Everybody();
        });
    }

    @Override
    public void setAudience(TopicId topic, Audience audience) {
        writer.write(tables -> {
            Sql sql = tables.sql();
            long n = made(sql, topic);
            boolean everybody = sql.number("SELECT restricted FROM topic WHERE n = ?", n) == 0;
            long newest = everybody ? 0 : newest(sql, topic);
            Map<String, Long> known = new HashMap<>();
            sql.list(
                    "SELECT user, since FROM topic_audience WHERE topic = ?",
                    row -> Map.entry(row.getString(1), row.getLong(2)),
                    n)
                    .forEach(each -> known.put(each.getKey(), each.getValue()));
            sql.update("DELETE FROM topic_audience WHERE topic = ?", n);
            if (audience instanceof Audience.Only only) {
                only.users()
                        .forEach(user -> sql.update(
                                "INSERT INTO topic_audience (topic, user, since) VALUES (?, ?, ?)",
                                n,
                                user.value(),
                                known.getOrDefault(user.value(), newest)));
            }
            return sql.update(
                    "UPDATE topic SET restricted = ? WHERE n = ?", audience instanceof Audience.Only ? 1 : 0, n);
        });
    }

    @Override
    public long admittedAt(TopicId topic, UserId user) {
        return readers.read(sql -> {
            if (sql.number("SELECT restricted FROM topic WHERE id = ?", topic.value()) == 0) {
                return 0L;
            }
            List<Long> since = sql.list(
                    "SELECT a.since FROM topic_audience a JOIN topic t ON t.n = a.topic WHERE t.id = ? AND a.user = ?",
                    row -> row.getLong(1),
                    topic.value(),
                    user.value());
            return since.isEmpty() ? newest(sql, topic) : since.getFirst();
        });
    }

    @Override
    public Optional<Subscription> subscribe(SessionId session, TopicId topic, Instant now, Instant until) {
        return writer.write(tables -> {
            Sql sql = tables.sql();
            forgetEnded(sql, session, now);
            Optional<Subscription> before = sql.one(
                    "SELECT topic, since FROM subscription WHERE session = ? AND topic = ?",
                    SqliteTopicLog::subscription,
                    session.value(),
                    topic.value());
            if (before.isPresent()) {
                sql.update(
                        "UPDATE subscription SET until = max(until, ?) WHERE session = ? AND topic = ?",
                        Times.nanos(until),
                        session.value(),
                        topic.value());
                return before;
            }
            long others = sql.number("SELECT count(*) FROM subscription WHERE session = ?", session.value());
            if (others >= Subscription.MAX_PER_SESSION) {
                return Optional.empty();
            }
            long since = newest(sql, topic);
            sql.update(
                    "INSERT INTO subscription (session, topic, since, until) VALUES (?, ?, ?, ?)",
                    session.value(),
                    topic.value(),
                    since,
                    Times.nanos(until));
            return Optional.of(new Subscription(topic, since));
        });
    }

    /** All of this session that have ended, since they count, and a few of others, so that none stays for ever. */
    private static void forgetEnded(Sql sql, SessionId session, Instant now) {
        sql.update("DELETE FROM subscription WHERE session = ? AND until <= ?", session.value(), Times.nanos(now));
        sql.update(
                "DELETE FROM subscription WHERE (session, topic) IN"
                        + " (SELECT session, topic FROM subscription WHERE until <= ? ORDER BY until LIMIT ?)",
                Times.nanos(now),
                ENDED_AT_ONCE);
    }

    @Override
    public boolean unsubscribe(SessionId session, TopicId topic) {
        return writer.write(tables -> tables.sql()
                .update("DELETE FROM subscription WHERE session = ? AND topic = ?", session.value(), topic.value()) > 0);
    }

    @Override
    public List<Subscription> subscriptions(SessionId session, Instant now) {
        return readers.read(sql -> sql.list(
                "SELECT topic, since FROM subscription WHERE session = ? AND until > ? ORDER BY topic",
                SqliteTopicLog::subscription,
                session.value(),
                Times.nanos(now)));
    }

    @Override
    public void keep(SessionId session, Instant now, Instant until) {
        writer.write(tables -> tables.sql()
                .update(
                        "UPDATE subscription SET until = max(until, ?) WHERE session = ? AND until > ?",
                        Times.nanos(until),
                        session.value(),
                        Times.nanos(now)));
    }

    @Override
    public List<TopicId> topics(Optional<TopicId> after, int limit) {
        return readers.read(sql -> sql.list(
                "SELECT id FROM topic WHERE ?1 IS NULL OR id > ?1 ORDER BY id LIMIT ?2",
                row -> new TopicId(row.getString(1)),
                after.map(TopicId::value).orElse(null),
                limit));
    }

    @Override
    public void forget(SessionId session) {
        writer.write(tables -> {
            Sql sql = tables.sql();
            String own = TopicId.of(session).value();
            sql.update("DELETE FROM topic_entry WHERE topic IN (SELECT n FROM topic WHERE id = ?)", own);
            sql.update("DELETE FROM topic WHERE id = ?", own);
            return sql.update("DELETE FROM subscription WHERE session = ?", session.value());
        });
    }

    private static long made(Sql sql, TopicId topic) {
        sql.update("INSERT OR IGNORE INTO topic (id, newest, restricted) VALUES (?, 0, 0)", topic.value());
        return sql.number("SELECT n FROM topic WHERE id = ?", topic.value());
    }

    private static long newest(Sql sql, TopicId topic) {
        return sql.number("SELECT newest FROM topic WHERE id = ?", topic.value());
    }

    private static Subscription subscription(ResultSet row) throws SQLException {
        return new Subscription(new TopicId(row.getString(1)), row.getLong(2));
    }

    private static TopicEntry entry(TopicId topic, ResultSet row) throws SQLException {
        String kind = row.getString(3);
        String payload = row.getString(5);
        Publication publication = switch (kind) {
            case "update" -> new Publication.Update(row.getString(4), payload);
            case "anomaly" -> new Publication.Anomaly(payload);
            case "notification" -> new Publication.Notification(payload);
            default -> throw new CorruptDataException("Expected a known kind of publication, found " + kind);
        };
        return new TopicEntry(topic, row.getLong(1), Times.instant(row.getLong(2)), publication);
    }

    /** How a publication stands in its row. */
    private record Kept(String kind, Optional<String> type) {
        static Kept of(Publication publication) {
            return switch (publication) {
                case Publication.Update update -> new Kept("update", Optional.of(update.type()));
                case Publication.Anomaly anomaly -> new Kept("anomaly", Optional.empty());
                case Publication.Notification notification -> new Kept("notification", Optional.empty());
            };
        }
    }
}
