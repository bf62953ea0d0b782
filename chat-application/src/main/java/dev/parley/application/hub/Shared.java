package dev.parley.application.hub;

import dev.parley.domain.error.UnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Things of which there is one for each name, as long as somebody uses it. The first user makes it and has it listen, which may
 * take a round trip to a broker: who uses the same one waits for that, and nobody else does.
 */
final class Shared<K, T extends Shared.Listening> {

    /** What hears hints as long as it is used. */
    interface Listening {

        /** Begins to hear; called once, before anybody uses it. May wait for a broker. */
        void listen();

        /** Ends it; nobody uses it any more. */
        void close();
    }

    /** A thing, how many use it or are about to, and whether it listens yet. */
    private static final class Used<T> {
        private final T thing;
        private final CompletableFuture<Boolean> listens = new CompletableFuture<>();
        // guarded by the lock
        private int users;

        Used(T thing) {
            this.thing = thing;
        }
    }

    private final Function<K, T> maker;
    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final Map<K, Used<T>> things = new HashMap<>();

    Shared(Function<K, T> maker) {
        this.maker = maker;
    }

    /** The one of that name, listening; whoever got it lets go of it. */
    T use(K key) {
        Used<T> used;
        boolean first;
        lock.lock();
        try {
            used = things.computeIfAbsent(key, name -> new Used<>(maker.apply(name)));
            first = used.users++ == 0;
        } finally {
            lock.unlock();
        }
        boolean usable = false;
        try {
            if (first) {
                listen(used);
            }
            usable = Hub.await(used.listens);
            return used.thing;
        } finally {
            if (!usable) {
                letGo(key);
            }
        }
    }

    private static void listen(Used<? extends Listening> used) {
        boolean listens = false;
        try {
            used.thing.listen();
            listens = true;
        } finally {
            if (listens) {
                used.listens.complete(true);
            } else {
                used.listens.completeExceptionally(new UnavailableException("Expected to hear hints, could not begin to"));
            }
        }
    }

    /** Ends one use of it, and with the last the thing itself. */
    void letGo(K key) {
        Optional<T> unused = Optional.empty();
        lock.lock();
        try {
            Used<T> used = things.get(key);
            if (used != null && --used.users == 0) {
                things.remove(key);
                unused = Optional.of(used.thing);
            }
        } finally {
            lock.unlock();
        }
        unused.ifPresent(Listening::close);
    }

    Optional<T> find(K key) {
        lock.lock();
        try {
            return Optional.ofNullable(things.get(key)).map(used -> used.thing);
        } finally {
            lock.unlock();
        }
    }

    List<T> all() {
        lock.lock();
        try {
            List<T> all = new ArrayList<>(things.size());
            things.values().forEach(used -> all.add(used.thing));
            return all;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return things.size();
        } finally {
            lock.unlock();
        }
    }
}
