package dev.parley.testkit.store;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

final class MemorySessionStore implements SessionStore {
    private final Memory memory;

    MemorySessionStore(Memory memory) {
        this.memory = memory;
    }

    @Override
    public <T> T write(SessionId session, Work<T> work) {
        return memory.locked(() -> {
            MemoryTransaction transaction = new MemoryTransaction(memory, session);
            boolean done = false;
            try {
                T result = work.run(transaction);
                done = true;
                return result;
            } finally {
                if (!done) {
                    transaction.rollBack();
                }
            }
        });
    }

    @Override
    public Optional<Session> find(SessionId id) {
        return memory.locked(() -> memory.conversation(id).map(Conversation::session));
    }

    @Override
    public Page<Session> of(UserId user, PageRequest request) {
        return memory.locked(() -> part(
                memory.sessions().stream().filter(session -> session.has(user)).toList(), request));
    }

    @Override
    public Page<Session> all(PageRequest request) {
        return memory.locked(() -> part(memory.sessions(), request));
    }

    static <T> Page<T> part(List<T> all, PageRequest request) {
        return new Page<>(all.stream().skip(request.offset()).limit(request.limit()).toList(), all.size());
    }

    @Override
    public Feed changesAfter(SessionId session, long position, int limit) {
        return memory.locked(() -> {
            Optional<Conversation> found = memory.conversation(session);
            if (found.isEmpty()
                    || position < found.get().forgotten()
                    || position > found.get().session().position()) {
                return new Feed.Lost();
            }
            return new Feed.Changes(found.get().changesAfter(position, limit));
        });
    }

    @Override
    public void touch(SessionId session, Instant at) {
        memory.locked(() -> {
            memory.conversation(session).ifPresent(conversation -> {
                Session now = conversation.session();
                conversation.session(now.at(now.position(), at));
            });
            return true;
        });
    }

    @Override
    public void reach(SessionId session, UserId user, long position) {
        memory.locked(() -> {
            memory.conversation(session).ifPresent(conversation -> conversation.reach(user, position));
            return true;
        });
    }

    @Override
    public OptionalLong reachOf(SessionId session, UserId user) {
        return memory.locked(() -> memory.conversation(session)
                .map(conversation -> conversation.reachOf(user))
                .orElse(OptionalLong.empty()));
    }

    @Override
    public List<SessionId> quietSince(Instant before, int limit) {
        return memory.locked(() -> memory.sessions()
                .stream()
                .filter(session -> session.lastActivity().isBefore(before))
                .sorted(Comparator.comparing(Session::lastActivity))
                .limit(limit)
                .map(Session::id)
                .toList());
    }

    @Override
    public long forgetChanges(Instant before) {
        return memory.locked(() -> memory.sessions()
                .stream()
                .map(session -> memory.conversation(session.id()).orElseThrow())
                .mapToLong(conversation -> conversation.forget(before))
                .sum());
    }

    @Override
    public boolean purge(SessionId session) {
        return memory.locked(() -> memory.remove(session).isPresent());
    }
}
