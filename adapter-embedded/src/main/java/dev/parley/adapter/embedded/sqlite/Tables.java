package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.change.Change;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the writer's thread alone uses: its connection, and what it knows without asking. */
final class Tables {
    private final Sql sql;
    private final SearchIndex search;
    private final Latest latest;
    private final SentNames names;
    private final NewestMessages newest;
    private final Map<SessionId, Known> sessions;
    private final List<SessionId> touched = new ArrayList<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private boolean erasing = true;

    Tables(Sql sql, SearchIndex search, Latest latest, SentNames names, NewestMessages newest, int cachedSessions) {
        this.sql = sql;
        this.search = search;
        this.latest = latest;
        this.names = names;
        this.newest = newest;
        this.sessions = new LinkedHashMap<>(1_000, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<SessionId, Known> eldest) {
                boolean tooMany = size() > cachedSessions;
                if (tooMany) {
                    latest.forget(eldest.getKey());
                    names.forget(eldest.getKey());
                    newest.forget(eldest.getKey());
                }
                return tooMany;
            }
        };
    }

    Sql sql() {
        return sql;
    }

    SearchIndex search() {
        return search;
    }

    Optional<Known> session(SessionId id) {
        Known cached = sessions.get(id);
        if (cached != null) {
            return Optional.of(cached);
        }
        Optional<Known> found = SessionRows.find(sql, id).map(this::withRecent);
        found.ifPresent(known -> {
            sessions.put(id, known);
            know(known);
        });
        return found;
    }

    /** Reads which names were given in it, unless those are many. */
    private void know(Known known) {
        SessionId id = known.session().id();
        List<String> settled = Places.sentNames(sql, known.n(), SentNames.READ);
        if (settled.size() == SentNames.READ) {
            names.forget(id);
            return;
        }
        List<String> given = new ArrayList<>(settled);
        for (Known.Recent recent = known.newest(); recent != null; recent = recent.older()) {
            recent.sender().ifPresent(sender -> given.add(sender.clientId()));
        }
        names.begin(id, given);
    }

    SentNames names() {
        return names;
    }

    private Known withRecent(Known known) {
        Known.Recent newest = null;
        for (long n : Places.recent(sql, known.n()).reversed()) {
            newest = Known.Recent.after(
                    newest, n, MessageRows.one(sql, "WHERE m.n = ?", n).orElseThrow().message());
        }
        return new Known(known.n(), known.session(), known.messages(), newest);
    }

    void put(Known known) {
        touched.add(known.session().id());
        sessions.put(known.session().id(), known);
    }

    /** How often something was {@link #put} here or forgotten since the last commit. */
    int touched() {
        return touched.size();
    }

    void forget(SessionId id) {
        touched.add(id);
        sessions.remove(id);
        names.forget(id);
        newest.undone(List.of(id));
    }

    /** What was told of the session's feed is told no more; readers are to ask the file. */
    void tellFromFile(SessionId id) {
        latest.undone(List.of(id));
    }

    /** Something happened in a session that was {@link #put} here. */
    void happened(Change change) {
        latest.happened(change);
        newest.happened(change);
    }

    /**
     * A number for a row that no row of this table had since the file was opened, whatever was purged or undone: the search
     * index and what waits to be erased go by them.
     */
    long nextNumber(String table) {
        Long last = numbers.get(table);
        if (last == null) {
            last = switch (table) {
                case "message" -> Math.max(sql.number("SELECT max(n) FROM message"), search.indexedUntil());
                case "session" -> Math.max(
                        sql.number("SELECT max(n) FROM session"), sql.number("SELECT max(session) FROM purged"));
                default -> throw new IllegalArgumentException("Expected a numbered table, found " + table);
            };
        }
        numbers.put(table, last + 1);
        return last + 1;
    }

    void committed() {
        Map<SessionId, Session> now = new HashMap<>();
        for (SessionId id : touched) {
            Known known = sessions.get(id);
            if (known == null) {
                latest.forget(id);
            } else {
                now.put(id, known.session());
            }
        }
        latest.committed(now);
        newest.committed();
        touched.clear();
        search.committed();
    }

    void undone() {
        touched.forEach(sessions::remove);
        latest.undone(touched);
        newest.undone(touched);
        touched.clear();
        search.undone(sql);
    }

    boolean untidy() {
        return erasing || search.behind() > 0;
    }

    /** Whether there is as much to tidy as is done in one go. */
    boolean veryUntidy() {
        return erasing || search.behind() >= SearchIndex.LITTLE;
    }

    /** There is something to erase. */
    void eraseLater() {
        erasing = true;
    }

    void tidy() {
        if (erasing) {
            erasing = Purge.eraseSome(this);
        } else {
            search.index(sql, SearchIndex.LITTLE);
        }
    }
}
