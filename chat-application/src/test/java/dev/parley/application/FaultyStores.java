package dev.parley.application;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Sessions whose store can go away; every step is rehearsed once and undone before it counts, as stores with retries do. */
final class FaultyStores {
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean away;
    private volatile boolean unreadable;
    private volatile boolean buggy;
    private volatile Optional<Thread> losing = Optional.empty();
    private volatile boolean takesLater;
    private volatile CountDownLatch answers = new CountDownLatch(0);
    private final Queue<Runnable> later = new ConcurrentLinkedQueue<>();

    Ports in(Ports ports) {
        return Twins.withStores(ports, new Sessions(ports.sessions()), ports.replies());
    }

    void away(boolean now) {
        away = now;
    }

    void unreadable(boolean now) {
        unreadable = now;
    }

    void buggy(boolean now) {
        buggy = now;
    }

    /** What the calling thread writes is taken, and it is not told; what others write beside it is answered. */
    void losesAnswers(boolean now) {
        losing = now ? Optional.of(Thread.currentThread()) : Optional.empty();
    }

    /** From now on steps are taken at once and confirmed when {@code answered} is open. */
    void answersAfter(CountDownLatch answered) {
        answers = answered;
    }

    /** From now on nobody is answered, and what is asked for is on its way until {@link #takeLate}. */
    void takesLater(boolean now) {
        takesLater = now;
    }

    /** Takes what was on its way. */
    void takeLate() {
        takesLater = false;
        later.forEach(Runnable::run);
        later.clear();
    }

    int refusals() {
        return refusals.get();
    }

    private void check(boolean refuse) {
        if (buggy) {
            throw new IllegalStateException("Scripted bug with a secret");
        }
        if (refuse) {
            refusals.incrementAndGet();
            throw new UnavailableException("Scripted to be away");
        }
    }

    /** Undoes a rehearsal. */
    private static final class Rehearsed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final class Sessions implements SessionStore {
        private final SessionStore store;

        Sessions(SessionStore store) {
            this.store = store;
        }

        @Override
        public <T> T write(SessionId session, Work<T> work) {
            check(away);
            try {
                store.write(session, step -> {
                    work.run(step);
                    throw new Rehearsed();
                });
            } catch (Rehearsed undone) {
                // That was the run that does not count.
            }
            if (takesLater) {
                later.add(() -> store.write(session, work));
                check(true);
            }
            T value = store.write(session, work);
            Wait.until("the answer may come", () -> answers.getCount() == 0);
            check(losing.filter(Thread.currentThread()::equals).isPresent());
            return value;
        }

        @Override
        public Optional<Session> find(SessionId id) {
            check(away);
            return store.find(id);
        }

        @Override
        public Page<Session> of(UserId user, PageRequest request) {
            check(away);
            return store.of(user, request);
        }

        @Override
        public Page<Session> all(PageRequest request) {
            check(away);
            return store.all(request);
        }

        @Override
        public Feed changesAfter(SessionId session, long position, int limit) {
            check(away || unreadable);
            return store.changesAfter(session, position, limit);
        }

        @Override
        public void touch(SessionId session, Instant at) {
            check(away);
            store.touch(session, at);
        }

        @Override
        public void reach(SessionId session, UserId user, long position) {
            check(away);
            store.reach(session, user, position);
        }

        @Override
        public OptionalLong reachOf(SessionId session, UserId user) {
            check(away);
            return store.reachOf(session, user);
        }

        @Override
        public List<SessionId> quietSince(Instant before, int limit) {
            check(away);
            return store.quietSince(before, limit);
        }

        @Override
        public long forgetChanges(Instant before) {
            check(away);
            return store.forgetChanges(before);
        }

        @Override
        public boolean purge(SessionId session) {
            check(away);
            return store.purge(session);
        }
    }
}
