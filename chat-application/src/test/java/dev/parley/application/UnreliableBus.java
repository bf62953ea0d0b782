package dev.parley.application;

import dev.parley.domain.Registration;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** A bus that loses a third of its hints, says others twice, and lets some wait behind later ones. */
final class UnreliableBus implements EventBus {
    private final EventBus bus;
    private final ReentrantLock lock = new ReentrantLock();
    private final Random random;
    private final Deque<Runnable> held = new ArrayDeque<>();

    UnreliableBus(EventBus bus, long seed) {
        this.bus = bus;
        this.random = new Random(seed);
    }

    @Override
    public void publish(Topic topic, Hint hint) {
        lock.lock();
        try {
            switch (random.nextInt(6)) {
                case 0, 1 -> {}
                case 2 -> {
                    bus.publish(topic, hint);
                    bus.publish(topic, hint);
                }
                case 3 -> held.push(() -> bus.publish(topic, hint));
                default -> bus.publish(topic, hint);
            }
            if (held.size() > 3) {
                held.forEach(Runnable::run);
                held.clear();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Registration subscribe(Topic topic, Consumer<? super Hint> listener) {
        return bus.subscribe(topic, listener);
    }
}
