package dev.parley.application.hub;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Runs tasks one after the other in the order they came, on a virtual thread that lives as long as there is something to do. Tasks
 * may block; what they throw is logged and the next one runs.
 */
final class Serial {

    private static final System.Logger LOG = System.getLogger(Serial.class.getName());

    /** For a task that is counted and not in the queue yet: its bringer is between the two. */
    private static final long SHORTLY = 10_000;

    private final String kind;
    private final Object whose;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Its threads are called after {@code kind} and {@code whose} it is. */
    Serial(String kind, Object whose) {
        this.kind = kind;
        this.whose = whose;
    }

    void run(Runnable task) {
        if (enqueue(task)) {
            Thread.ofVirtual().name(name()).start(this::drain);
        }
    }

    /**
     * As {@link #run}, but when nothing runs the task runs on the calling thread, and so does what comes meanwhile. The caller must
     * be one whom nobody interrupts in here: tasks write to sockets, and those of an interrupted thread close.
     */
    void runHere(Runnable task) {
        // Nothing is counted, so nothing is in the queue either, before which it would come.
        if (waiting.compareAndSet(0, 1)) {
            drain(task);
        } else if (enqueue(task)) {
            drain();
        }
    }

    /** As {@link #run}, for what has a result. */
    <T> CompletableFuture<T> answer(Supplier<T> task) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        run(() -> complete(answer, task));
        return answer;
    }

    /** As {@link #runHere}, for what has a result. */
    <T> CompletableFuture<T> answerHere(Supplier<T> task) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        runHere(() -> complete(answer, task));
        return answer;
    }

    private static <T> void complete(CompletableFuture<T> answer, Supplier<T> task) {
        try {
            answer.complete(task.get());
        } catch (RuntimeException | Error failed) {
            answer.completeExceptionally(failed);
        }
    }

    /** True when nothing ran, so that whoever calls must see to it. */
    private boolean enqueue(Runnable task) {
        // Counted before it is there: a drain that sees it in the queue has it in its count, and nobody starts a second one.
        boolean idle = waiting.getAndIncrement() == 0;
        tasks.add(task);
        return idle;
    }

    private String name() {
        return kind + whose;
    }

    private void drain() {
        drain(next());
    }

    /** Runs {@code first}, which is counted, and what is counted behind it. */
    private void drain(Runnable first) {
        attempt(first);
        while (waiting.decrementAndGet() > 0) {
            attempt(next());
        }
    }

    private Runnable next() {
        Runnable task = tasks.poll();
        while (task == null) {
            LockSupport.parkNanos(SHORTLY);
            task = tasks.poll();
        }
        return task;
    }

    private void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failed) {
            LOG.log(System.Logger.Level.ERROR, "A task of " + name() + " failed", failed);
        }
    }
}
