package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

final class SqliteSessionStore implements SessionStore {
    private final Writer writer;
    private final Readers readers;
    private final Latest latest;

    SqliteSessionStore(Writer writer, Readers readers, Latest latest) {
        this.writer = writer;
        this.readers = readers;
        this.latest = latest;
    }

    @Override
    public <T> T write(SessionId session, Work<T> work) {
        return writer.write(tables -> {
            StepTransaction step = new StepTransaction(tables, session);
            T result = work.run(step);
            step.finish();
            return result;
        });
    }

    @Override
    public Optional<Session> find(SessionId id) {
        return latest.session(id).or(() -> readers.read(sql -> SessionRows.find(sql, id).map(Known::session)));
    }

    @Override
    public Page<Session> of(UserId user, PageRequest request) {
        return readers.read(sql -> new Page<>(
                sessions(sql, sql.list(
                        SessionRows.SELECT + "WHERE s.n IN (SELECT session FROM member WHERE user = ?)"
                                + " ORDER BY t.last_activity DESC, s.id LIMIT ? OFFSET ?",
                        SessionRows::read,
                        user.value(),
                        request.limit(),
                        request.offset())),
                sql.number("SELECT count(*) FROM member WHERE user = ?", user.value())));
    }

    @Override
    public Page<Session> all(PageRequest request) {
        return readers.read(sql -> new Page<>(
                sessions(sql, sql.list(
                        SessionRows.SELECT + "ORDER BY t.last_activity DESC, s.id LIMIT ? OFFSET ?",
                        SessionRows::read,
                        request.limit(),
                        request.offset())),
                sql.number("SELECT count(*) FROM session")));
    }

    private static List<Session> sessions(Sql sql, List<Known> found) {
        return found.stream().map(known -> SessionRows.withMembers(sql, known).session()).toList();
    }

    @Override
    public Feed changesAfter(SessionId session, long position, int limit) {
        return latest.after(session, position, limit)
                .orElseGet(() -> readers.read(sql -> ChangeRows.after(sql, session, position, limit)));
    }

    @Override
    public void touch(SessionId session, Instant at) {
        writer.write(tables -> {
            Optional<Known> known = tables.session(session);
            known.filter(now -> at.isAfter(now.session().lastActivity())).ifPresent(now -> {
                Known seen = now.with(now.session().at(now.session().position(), at));
                SessionRows.state(tables.sql(), seen);
                tables.put(seen);
            });
            return known.isPresent();
        });
    }

    @Override
    public void reach(SessionId session, UserId user, long position) {
        writer.write(tables -> {
            Optional<Known> known = tables.session(session);
            known.ifPresent(there -> tables.sql()
                    .update(
                            "INSERT INTO reach (session, user, position) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE"
                                    + " SET position = ?3 WHERE position < ?3",
                            there.n(),
                            user.value(),
                            position));
            return known.isPresent();
        });
    }

    @Override
    public OptionalLong reachOf(SessionId session, UserId user) {
        Optional<Long> found = readers.read(sql -> sql.one(
                "SELECT r.position FROM reach r JOIN session s ON s.n = r.session WHERE s.id = ? AND r.user = ?",
                row -> row.getLong(1),
                session.value(),
                user.value()));
        return found.isPresent() ? OptionalLong.of(found.get()) : OptionalLong.empty();
    }

    @Override
    public List<SessionId> quietSince(Instant before, int limit) {
        return readers.read(sql -> sql.list(
                "SELECT s.id FROM session_state t JOIN session s ON s.n = t.n WHERE t.last_activity < ?"
                        + " ORDER BY t.last_activity, s.id LIMIT ?",
                row -> new SessionId(row.getString(1)),
                Times.nanos(before),
                limit));
    }

    @Override
    public long forgetChanges(Instant before) {
        long forgotten = 0;
        List<Forgetting.Candidate> some = readers.read(sql -> Forgetting.candidates(sql, 0, before));
        while (!some.isEmpty()) {
            for (Forgetting.Candidate candidate : some) {
                forgotten += forget(candidate.id(), before);
            }
            long last = some.getLast().n();
            some = readers.read(sql -> Forgetting.candidates(sql, last, before));
        }
        return forgotten;
    }

    private long forget(SessionId id, Instant before) {
        long all = 0;
        long piece = 1;
        while (piece > 0) {
            piece = writer.write(tables -> Forgetting.piece(tables, id, before));
            all += piece;
        }
        return all;
    }

    @Override
    public boolean purge(SessionId session) {
        OptionalLong hidden = writer.write(tables -> Purge.hide(tables, session));
        if (hidden.isEmpty()) {
            return false;
        }
        boolean more = true;
        while (more) {
            more = writer.write(tables -> Purge.erase(tables, hidden.getAsLong()));
        }
        return true;
    }
}
