package dev.parley.application.hub;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after the other in the order they came, on a virtual thread that lives as long as there is something to do. Tasks
 * may block; what they throw is logged and the next one runs.
 */
final class Serial {

    private static final System.Logger LOG = System.getLogger(Serial.class.getName());

    private final String name;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    Serial(String name) {
        this.name = name;
    }

    void run(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            Thread.ofVirtual().name(name).start(this::drain);
        }
    }

    private void drain() {
        // Counted out only when the queue looks empty: whoever adds then finds a count above zero and starts no second drain.
        int done = 0;
        do {
            Runnable task = tasks.poll();
            if (task != null) {
                try {
                    task.run();
                } catch (RuntimeException | Error failed) {
                    LOG.log(System.Logger.Level.ERROR, "A task of " + name + " failed", failed);
                }
                done++;
            }
            if (tasks.isEmpty()) {
                done = waiting.addAndGet(-done) == 0 ? -1 : 0;
            }
        } while (done >= 0);
    }
}
