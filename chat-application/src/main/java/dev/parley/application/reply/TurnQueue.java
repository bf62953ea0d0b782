package dev.parley.application.reply;

import dev.parley.domain.access.UserId;
import dev.parley.domain.message.MessageId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which reply runs next on this node.
 *
 * <p>At most so many run at once. In one session they run one after the other in the order they were asked for, but for those
 * that were asked to run beside others. Between users it is fair: who has fewer running and waiting before goes first, so nobody
 * who asks much makes others wait for all of it. The queue is bounded; a place is reserved before anything is stored.
 *
 * <p>Safe for use by many threads; never blocks for long.
 */
final class TurnQueue {

    /** Told what the queue decides, in order; must not block. */
    interface Listener {

        void start(Turn turn);

        /** @param place 1 is next */
        void waits(Turn turn, int place);

        void changed(int waiting, int running);
    }

    private final int slots;
    private final int limit;
    private final Listener listener;

    /** Held while the listener is told, so that it is told in the order of what happened; taken before {@link #lock}. */
    private final ReentrantLock telling = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final Map<MessageId, Turn> waiting = new LinkedHashMap<>();
    private final Map<MessageId, Turn> running = new LinkedHashMap<>();
    private final Map<MessageId, Integer> told = new HashMap<>();
    private final Map<UserId, Long> served = new HashMap<>();
    private long starts;
    private int reserved;

    TurnQueue(int slots, int limit, Listener listener) {
        this.slots = slots;
        this.limit = limit;
        this.listener = listener;
    }

    /** Keeps a place for a turn that is about to be added; false when the queue is full. */
    boolean reserve() {
        lock.lock();
        try {
            int free = Math.max(0, slots - running.size());
            if (waiting.size() + reserved >= limit + free) {
                return false;
            }
            reserved++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a reserved place back. */
    void release() {
        lock.lock();
        try {
            reserved--;
        } finally {
            lock.unlock();
        }
    }

    /** Adds a turn in a reserved place. */
    void add(Turn turn) {
        advance(() -> {
            reserved--;
            waiting.put(turn.id(), turn);
        });
    }

    /** Takes out a turn that waits; empty when it does not wait (any more). */
    Optional<Turn> withdraw(MessageId id) {
        AtomicReference<Optional<Turn>> withdrawn = new AtomicReference<>(Optional.empty());
        advance(() -> {
            withdrawn.set(Optional.ofNullable(waiting.remove(id)));
            told.remove(id);
        });
        return withdrawn.get();
    }

    /** Gives the place of a turn that ran to the next. */
    void finished(Turn turn) {
        advance(() -> running.remove(turn.id()));
    }

    /** Looks again who may run, after a turn has become free to. */
    void look() {
        advance(() -> {});
    }

    /** How many places are kept for turns that are about to be added. */
    int reserved() {
        lock.lock();
        try {
            return reserved;
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    int running() {
        lock.lock();
        try {
            return running.size();
        } finally {
            lock.unlock();
        }
    }

    private void advance(Runnable change) {
        telling.lock();
        try {
            change(change);
        } finally {
            telling.unlock();
        }
    }

    private void change(Runnable change) {
        List<Turn> started = new ArrayList<>();
        List<Turn> moved = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        int nowWaiting;
        int nowRunning;
        lock.lock();
        try {
            change.run();
            startWhatMay(started);
            notePlaces(moved, places);
            nowWaiting = waiting.size();
            nowRunning = running.size();
        } finally {
            lock.unlock();
        }
        started.forEach(listener::start);
        for (int i = 0; i < moved.size(); i++) {
            listener.waits(moved.get(i), places.get(i));
        }
        listener.changed(nowWaiting, nowRunning);
    }

    private void startWhatMay(List<Turn> started) {
        boolean progress = true;
        while (progress && running.size() < slots && !waiting.isEmpty()) {
            progress = false;
            for (Turn turn : fairOrder()) {
                if (mayRun(turn)) {
                    waiting.remove(turn.id());
                    told.remove(turn.id());
                    running.put(turn.id(), turn);
                    served.put(turn.asker(), ++starts);
                    started.add(turn);
                    progress = true;
                    break;
                }
            }
        }
    }

    /** A turn runs beside its session's others when it was asked to, and else when it is the session's first. */
    private boolean mayRun(Turn turn) {
        if (turn.parallel()) {
            return true;
        }
        if (turn.waitsForOthers()) {
            return false;
        }
        for (Turn other : running.values()) {
            if (!other.parallel() && other.session().equals(turn.session())) {
                return false;
            }
        }
        // By the feed and not by who came here first: nodes that wait for each other's turns must agree on one order.
        for (Turn other : waiting.values()) {
            if (!other.parallel()
                    && other.session().equals(turn.session())
                    && other.position() < turn.position()) {
                return false;
            }
        }
        return true;
    }

    /**
     * All who wait, in rounds: in each round every user has one, counting what already runs, and who was served longest ago comes
     * first.
     */
    private List<Turn> fairOrder() {
        Map<UserId, Integer> rounds = new HashMap<>();
        running.values().forEach(turn -> rounds.merge(turn.asker(), 1, Integer::sum));
        Map<Turn, Integer> round = new HashMap<>();
        for (Turn turn : waiting.values()) {
            round.put(turn, rounds.merge(turn.asker(), 1, Integer::sum));
        }
        List<Turn> order = new ArrayList<>(waiting.values());
        order.sort(Comparator.comparing((Turn turn) -> round.getOrDefault(turn, 0))
                .thenComparing(turn -> served.getOrDefault(turn.asker(), 0L)));
        return order;
    }

    private void notePlaces(List<Turn> moved, List<Integer> places) {
        if (waiting.isEmpty()) {
            // Who was served before whom matters as long as there is anything to do.
            if (running.isEmpty()) {
                served.clear();
            }
            return;
        }
        int place = 0;
        for (Turn turn : fairOrder()) {
            place++;
            Integer before = told.put(turn.id(), place);
            if (before == null || before != place) {
                moved.add(turn);
                places.add(place);
            }
        }
    }
}
