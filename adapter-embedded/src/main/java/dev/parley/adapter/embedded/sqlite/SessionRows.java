package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.UserId;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.SessionSettings;
import dev.parley.domain.session.Visibility;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads and writes the rows of sessions. */
final class SessionRows {
    static final String SELECT = """
            SELECT s.n, s.id, s.project, s.owner, s.title, s.visibility, s.started_at, s.closed, s.user_agent, s.ip_address,
                   s.client_version, s.model, s.language, s.stream_responses, t.position, t.last_activity, t.messages
            FROM session s JOIN session_state t ON t.n = s.n
            """;
    private static final String MEMBERS = "SELECT user, name, joined_at FROM member WHERE session = ? ORDER BY ordinal";

    private SessionRows() {}

    static Optional<Known> find(Sql sql, SessionId id) {
        return bare(sql, id).map(known -> withMembers(sql, known));
    }

    /** Without the members and the recent messages. */
    static Optional<Known> bare(Sql sql, SessionId id) {
        return sql.one(SELECT + "WHERE s.id = ?", SessionRows::read, id.value());
    }

    static Known withMembers(Sql sql, Known known) {
        List<Member> members = sql.list(
                MEMBERS,
                row -> new Member(new UserId(row.getString(1)), row.getString(2), Times.instant(row.getLong(3))),
                known.n());
        Session bare = known.session();
        return new Known(
                known.n(),
                new Session(
                        bare.id(),
                        bare.project(),
                        bare.owner(),
                        bare.title(),
                        bare.visibility(),
                        bare.startedAt(),
                        bare.lastActivity(),
                        bare.closed(),
                        bare.client(),
                        bare.settings(),
                        members,
                        bare.position()),
                known.messages(),
                known.newest());
    }

    /** Without the members and the recent messages. */
    static Known read(ResultSet row) throws SQLException {
        Session session = new Session(
                new SessionId(row.getString(2)),
                Optional.ofNullable(row.getString(3)).map(ProjectId::new),
                Optional.ofNullable(row.getString(4)).map(UserId::new),
                row.getString(5),
                Visibility.valueOf(row.getString(6)),
                Times.instant(row.getLong(7)),
                Times.instant(row.getLong(16)),
                row.getInt(8) != 0,
                new ClientInfo(row.getString(9), row.getString(10), row.getString(11)),
                new SessionSettings(
                        Optional.ofNullable(row.getString(12)),
                        Optional.ofNullable(row.getString(13)),
                        row.getInt(14) != 0),
                List.of(),
                row.getLong(15));
        return new Known(row.getLong(1), session, row.getLong(17), null);
    }

    static void insert(Sql sql, long n, Session session) {
        sql.update(
                "INSERT INTO session (n, id, title, visibility, started_at, closed, user_agent, ip_address, client_version,"
                        + " stream_responses) VALUES (?, ?, '', '', 0, 0, '', '', '', 0)",
                n,
                session.id().value());
        sql.update("INSERT INTO session_state (n, position, last_activity, messages) VALUES (?, 0, 0, 0)", n);
        update(sql, n, session);
        addMembers(sql, n, session.members(), 0);
    }

    /** Writes the session's own fields. */
    private static void update(Sql sql, long n, Session session) {
        sql.update(
                "UPDATE session SET project = ?, owner = ?, title = ?, visibility = ?, started_at = ?, closed = ?,"
                        + " user_agent = ?, ip_address = ?, client_version = ?, model = ?, language = ?,"
                        + " stream_responses = ? WHERE n = ?",
                session.project().map(ProjectId::value).orElse(null),
                session.owner().map(UserId::value).orElse(null),
                session.title(),
                session.visibility().name(),
                Times.nanos(session.startedAt()),
                session.closed() ? 1 : 0,
                session.client().userAgent(),
                session.client().ipAddress(),
                session.client().version(),
                session.settings().model().orElse(null),
                session.settings().language().orElse(null),
                session.settings().streamResponses() ? 1 : 0,
                n);
    }

    /** Writes what differs between {@code before} and {@code now}, but position and activity. */
    static void change(Sql sql, long n, Session before, Session now) {
        update(sql, n, now);
        if (before.members().equals(now.members())) {
            return;
        }
        List<Member> kept = new ArrayList<>(before.members());
        kept.retainAll(new HashSet<>(now.members()));
        if (!kept.equals(now.members().subList(0, Math.min(kept.size(), now.members().size())))) {
            sql.update("DELETE FROM member WHERE session = ?", n);
            addMembers(sql, n, now.members(), 0);
            return;
        }
        Set<Member> stay = new HashSet<>(kept);
        for (Member member : before.members()) {
            if (!stay.contains(member)) {
                sql.update("DELETE FROM member WHERE session = ? AND user = ?", n, member.user().value());
            }
        }
        long last = sql.number("SELECT max(ordinal) FROM member WHERE session = ?", n);
        addMembers(sql, n, now.members().subList(kept.size(), now.members().size()), last + 1);
    }

    private static void addMembers(Sql sql, long n, List<Member> members, long firstOrdinal) {
        long ordinal = firstOrdinal;
        for (Member member : members) {
            sql.update(
                    "INSERT INTO member (session, user, name, joined_at, ordinal) VALUES (?, ?, ?, ?, ?)",
                    n,
                    member.user().value(),
                    member.name(),
                    Times.nanos(member.joinedAt()),
                    ordinal++);
        }
    }

    static void state(Sql sql, Known known) {
        sql.update(
                "UPDATE session_state SET position = ?, last_activity = ?, messages = ?, newest = ? WHERE n = ?",
                known.session().position(),
                Times.nanos(known.session().lastActivity()),
                known.messages(),
                known.newest() == null ? null : known.newest().n(),
                known.n());
    }
}
