package dev.parley.adapter.mongo;

import com.mongodb.MongoException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.session.SessionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.types.ObjectId;

/**
 * Steps of one session that are taken together: reads what is there, lets the works decide, and commits by one write to the session's
 * document, which fails when another step was faster; then it begins anew.
 */
final class Batch {
    /** So many steps share a commit at most. */
    static final int MOST = 64;

    /** So often another step is faster before something must be wrong: with each, somebody else went on. */
    private static final int ATTEMPTS = 2_000;

    /** So often a step is asked for again whose commit was not answered. */
    private static final int UNANSWERED = 3;

    private final Store store;
    private final Heads heads;
    private final MessageIds ids;
    private final SessionId session;
    private final List<Request<?>> requests;
    /** What the runs led to whose commits were not answered, by the names of their steps. */
    private final Map<String, Done> unanswered = new HashMap<>();
    private boolean committed;

    /** @param version the session's version when the runs began */
    private record Done(List<Request.Outcome> outcomes, long version) {}

    Batch(Store store, Heads heads, MessageIds ids, SessionId session, List<Request<?>> requests) {
        this.store = store;
        this.heads = heads;
        this.ids = ids;
        this.session = session;
        this.requests = requests;
    }

    /** Takes the steps and tells all who wait for them; whether something was committed. */
    @SuppressWarnings("IllegalCatch")
    boolean take() {
        try {
            outcomes().forEach(Request.Outcome::tell);
            return committed;
        } catch (Together needless) {
            boolean any = false;
            for (Request<?> request : requests) {
                any |= new Batch(store, heads, ids, session, List.of(request)).take();
            }
            return any;
        } catch (MongoException fault) {
            fail(Faults.translated(fault));
            return false;
        } catch (Throwable fault) { // nobody may wait for ever
            fail(fault);
            return false;
        }
    }

    private void fail(Throwable why) {
        requests.forEach(request -> request.fail(why));
    }

    /** That one of several steps cannot be committed: each has to be tried for itself. */
    private static final class Together extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Together(IllegalStateException why) {
            super(why);
        }
    }

    private List<Request.Outcome> outcomes() {
        boolean racing = false;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Found found = heads.begin(session, racing);
            Optional<Done> done = answered(found);
            if (done.isEmpty()) {
                done = attempt(found);
            }
            if (done.isPresent()) {
                return done.get().outcomes();
            }
            racing = unanswered.isEmpty();
        }
        throw new UnavailableException("Expected to take a step in a session, found others faster " + ATTEMPTS + " times");
    }

    /** Runs whose commit was not answered, and is there. */
    private Optional<Done> answered(Found found) {
        for (Map.Entry<String, Done> open : unanswered.entrySet()) {
            if (found.recent().contains(open.getKey())) {
                committed = true;
                return Optional.of(open.getValue());
            }
            if (found.version() - open.getValue().version() > Found.RECENT) {
                throw new UnavailableException("Expected to know whether a step was taken, found too many others since");
            }
        }
        return Optional.empty();
    }

    /** Empty when it is to be tried again. */
    private Optional<Done> attempt(Found found) {
        String name = new ObjectId().toHexString();
        Map<Request<?>, Request.Run> runs = new LinkedHashMap<>();
        Step step = run(found, runs);
        Done done = new Done(new ArrayList<>(runs.values().stream().map(Request.Run::outcome).toList()), found.version());
        if (!step.writes()) {
            return step.looked() && heads.moved(found) ? Optional.empty() : Optional.of(done);
        }
        return commit(found, step, name, done) ? Optional.of(done) : Optional.empty();
    }

    /** Runs the works on one step; one that failed after it wrote is left out of the step that is given back. */
    private Step run(Found found, Map<Request<?>, Request.Run> runs) {
        Map<Request<?>, Request.Run> spoilt = new HashMap<>();
        while (true) {
            Step step = new Step(store, found);
            runs.clear();
            boolean whole = true;
            for (Request<?> request : requests) {
                Request.Run failed = spoilt.get(request);
                Request.Run run = failed == null ? request.run(step) : failed;
                runs.put(request, run);
                if (failed == null && run.spoilt()) {
                    spoilt.put(request, run);
                    whole = false;
                    break;
                }
            }
            if (whole) {
                return step;
            }
        }
    }

    private boolean commit(Found found, Step step, String name, Done done) {
        try {
            ids.take(found, step, name);
        } catch (IllegalStateException taken) {
            throw requests.size() > 1 ? new Together(taken) : taken;
        }
        Effects effects = heads.projection().prepare(name, step.life(), found.version() + 1, step.operations());
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
            heads.projection().drop(effects);
        } else if (!step.purged()) {
            heads.projection().settle(session, step.life(), effects);
        }
        return committed;
    }
}
