package dev.parley.adapter.mongo;

import dev.parley.domain.session.SessionId;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Takes steps in sessions, those of one session one after the other. Steps that wait while another is committed are committed
 * together, so that a session with many writers is not bound by how long a single commit takes.
 */
final class Steps {
    private static final String WORKER = "parley-mongo-steps";

    private final Store store;
    private final Heads heads;
    private final MessageIds ids;
    private final Telemetry telemetry;
    private final ConcurrentHashMap<SessionId, Lane> lanes = new ConcurrentHashMap<>();

    /** The steps that wait in one session, and whether somebody sees to them. */
    private static final class Lane {
        private final Deque<Request<?>> waiting = new ArrayDeque<>();
    }

    Steps(Store store, Heads heads, Telemetry telemetry) {
        this.store = store;
        this.heads = heads;
        this.ids = new MessageIds(store, heads);
        this.telemetry = telemetry;
    }

    /** A work that waits for another step of its session would wait for ever. */
    static void refuseInside() {
        if (WORKER.equals(Thread.currentThread().getName())) {
            throw new IllegalStateException("Expected a work that only uses its transaction, found one that writes elsewhere");
        }
    }

    /** Takes a step that may be committed together with others. */
    <T> T take(SessionId session, Function<Step, T> work) {
        return take(session, new Request<>(work, false));
    }

    /** Takes a step that does what others in the same commit must not see or undo. */
    <T> T takeAlone(SessionId session, Function<Step, T> work) {
        return take(session, new Request<>(work, true));
    }

    private <T> T take(SessionId session, Request<T> request) {
        lanes.compute(session, (id, there) -> {
            Lane lane = there == null ? new Lane() : there;
            lane.waiting.add(request);
            if (there == null) {
                Thread.ofVirtual().name(WORKER).start(() -> run(session));
            }
            return lane;
        });
        return request.answer();
    }

    /** Takes what waits until nothing does. */
    private void run(SessionId session) {
        List<Request<?>> batch = next(session);
        while (!batch.isEmpty()) {
            long begun = System.nanoTime();
            if (new Batch(store, heads, ids, session, batch).take()) {
                telemetry.on(new TelemetryEvent.StoreCommitted(batch.size(), Duration.ofNanos(System.nanoTime() - begun)));
            }
            batch = next(session);
        }
    }

    private List<Request<?>> next(SessionId session) {
        List<Request<?>> batch = new ArrayList<>();
        lanes.computeIfPresent(session, (id, lane) -> {
            while (!lane.waiting.isEmpty() && batch.size() < Batch.MOST && joins(batch, lane.waiting.getFirst())) {
                batch.add(lane.waiting.removeFirst());
            }
            return batch.isEmpty() ? null : lane;
        });
        return batch;
    }

    private static boolean joins(List<Request<?>> batch, Request<?> next) {
        return batch.isEmpty() || !next.alone() && !batch.getFirst().alone();
    }
}
