package dev.parley.adapter.mongo;

import com.mongodb.MongoException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.session.SessionId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.bson.types.ObjectId;

/**
 * Takes steps: reads what is there, lets the work decide, and commits by one write to the session's document, which fails when
 * another step was faster; then it begins anew.
 */
final class Steps {
    /** So often another step is faster before something must be wrong: with each, somebody else went on. */
    private static final int ATTEMPTS = 2_000;

    /** So often a step is asked for again whose commit was not answered. */
    private static final int UNANSWERED = 3;

    private final Store store;
    private final Heads heads;
    private final MessageIds ids;
    private final Turns<SessionId> turns = new Turns<>();

    Steps(Store store, Heads heads) {
        this.store = store;
        this.heads = heads;
        this.ids = new MessageIds(store, heads);
    }

    <T> T take(SessionId session, Function<Step, T> work) {
        return turns.take(session, () -> new Taking<>(session, work).take());
    }

    /** One call; its work may run more than once. */
    private final class Taking<T> {
        private final SessionId session;
        private final Function<Step, T> work;
        /** What the runs returned whose commits were not answered, by the names of their steps. */
        private final Map<String, Done<T>> unanswered = new HashMap<>();

        Taking(SessionId session, Function<Step, T> work) {
            this.session = session;
            this.work = work;
        }

        T take() {
            boolean racing = false;
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Found found = heads.begin(session, racing);
                Optional<Done<T>> done = answered(found);
                if (done.isEmpty()) {
                    done = attempt(found);
                }
                if (done.isPresent()) {
                    return done.get().result();
                }
                racing = unanswered.isEmpty();
            }
            throw new UnavailableException("Expected to take a step in a session, found others faster " + ATTEMPTS + " times");
        }

        /** A run whose commit was not answered, and is there. */
        private Optional<Done<T>> answered(Found found) {
            for (Map.Entry<String, Done<T>> open : unanswered.entrySet()) {
                if (found.recent().contains(open.getKey())) {
                    return Optional.of(open.getValue());
                }
                if (found.version() - open.getValue().version() > Found.RECENT) {
                    throw new UnavailableException("Expected to know whether a step was taken, found too many others since");
                }
            }
            return Optional.empty();
        }

        /** Empty when it is to be tried again. */
        private Optional<Done<T>> attempt(Found found) {
            String name = new ObjectId().toHexString();
            Step step = new Step(store, found, name);
            T result;
            try {
                result = work.apply(step);
            } catch (MongoException fault) {
                throw fault;
            } catch (RuntimeException | Error thrown) {
                if (step.looked() && heads.moved(found)) {
                    return Optional.empty();
                }
                throw thrown;
            }
            Done<T> done = new Done<>(result, found.version());
            if (!step.writes()) {
                return step.looked() && heads.moved(found) ? Optional.empty() : Optional.of(done);
            }
            return commit(found, step, name, done) ? Optional.of(done) : Optional.empty();
        }

        private boolean commit(Found found, Step step, String name, Done<T> done) {
            ids.take(found, step, name);
            Effects effects =
                    heads.projection().prepare(name, step.life(), found.version() + 1, step.operations());
            boolean committed;
            try {
                committed = heads.commit(found, step, name, effects);
            } catch (MongoException fault) {
                if (!Faults.ambiguous(fault) || unanswered.size() >= UNANSWERED) {
                    throw fault;
                }
                unanswered.put(name, done);
                return false;
            }
            if (!committed) {
                ids.giveBack(step, name);
                heads.projection().drop(effects);
            } else if (!step.purged()) {
                heads.projection().settle(session, step.life(), effects);
            }
            return committed;
        }
    }

    /** @param version the session's version when the run began */
    private record Done<T>(T result, long version) {}
}
