package dev.parley.adapter.mongo;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets those of this process who want the same thing have it one after the other, since all but one would try in vain. */
final class Turns<K> {
    private final ConcurrentHashMap<K, Turn> turns = new ConcurrentHashMap<>();

    private static final class Turn {
        private final ReentrantLock lock = new ReentrantLock(true);
        private int users;
    }

    <T> T take(K what, Supplier<T> work) {
        Turn turn = turns.compute(what, (key, there) -> {
            Turn mine = there == null ? new Turn() : there;
            mine.users++;
            return mine;
        });
        turn.lock.lock();
        try {
            return work.get();
        } finally {
            turn.lock.unlock();
            turns.computeIfPresent(what, (key, there) -> --there.users == 0 ? null : there);
        }
    }
}
