package dev.parley.adapter.ollama;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer as they arrive: the client's thread puts them in, the asking thread takes them out. At most a few
 * hundred kilobytes wait; then the server waits. Closing it early closes the connection.
 */
final class AnswerBody implements BodySubscriber<AnswerBody>, AutoCloseable {

    /** What the asking thread takes out. */
    sealed interface Arrival {

        record Bytes(List<ByteBuffer> buffers) implements Arrival {}

        record End() implements Arrival {}

        record Broken(Throwable cause) implements Arrival {}

        /**
         * Nothing came in the time given.
         *
         * @param deadline when that time was over
         */
        record Late(long deadline) implements Arrival {}
    }

    private static final int WINDOW = 16;
    private static final long NOBODY = Long.MIN_VALUE;

    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

    /** Until when somebody waits, by {@link System#nanoTime}. */
    private volatile long deadline = NOBODY;

    /** Whether a look is planned, and when. */
    private final AtomicBoolean watched = new AtomicBoolean();

    private volatile long watchedAt;
    private final AtomicReference<Flow.@Nullable Subscription> source = new AtomicReference<>();
    private volatile boolean closed;
    private int taken;
    private boolean flows;
    private volatile boolean ended;

    @Override
    public CompletionStage<AnswerBody> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        source.set(subscription);
        if (closed) {
            subscription.cancel();
        } else {
            subscription.request(WINDOW);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (!closed) {
            arrivals.add(new Arrival.Bytes(buffers));
        }
    }

    @Override
    public void onError(Throwable cause) {
        arrivals.add(new Arrival.Broken(cause));
    }

    @Override
    public void onComplete() {
        arrivals.add(new Arrival.End());
    }

    /** The next thing that arrives; waits at most {@code timeout}. */
    Arrival next(Duration timeout) throws InterruptedException {
        Arrival arrival = arrivals.poll();
        if (arrival == null || arrival instanceof Arrival.Late) {
            arrival = await(timeout);
        }
        if (arrival instanceof Arrival.Bytes) {
            flows = true;
            askForMore();
        } else if (!(arrival instanceof Arrival.Late)) {
            ended = true;
            source.set(null);
        }
        return arrival;
    }

    /**
     * A timer for the wait for each word would cost more than the word. So once it flows somebody else looks, now and then, whether
     * the wait that is going on takes too long.
     */
    private Arrival await(Duration timeout) throws InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        boolean lookComesTooLate = watched.get() && watchedAt - until > 0;
        if (!flows || lookComesTooLate) {
            return awaitTimed(until);
        }
        deadline = until;
        try {
            while (true) {
                watch(until);
                Arrival arrival = arrivals.take();
                // Else it came too late for an earlier wait.
                if (!(arrival instanceof Arrival.Late(long at)) || at == until) {
                    return arrival;
                }
            }
        } finally {
            deadline = NOBODY;
        }
    }

    private Arrival awaitTimed(long until) throws InterruptedException {
        Arrival arrival;
        do {
            arrival = arrivals.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } while (arrival instanceof Arrival.Late);
        return arrival == null ? new Arrival.Late(until) : arrival;
    }

    /** Has somebody look at {@code due}, unless a look is planned already. */
    private void watch(long due) {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            lookAt(due);
        }
    }

    private void lookAt(long due) {
        watchedAt = due;
        CompletableFuture.delayedExecutor(Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS, Runnable::run)
                .execute(this::look);
    }

    private void look() {
        long until = deadline;
        if (until != NOBODY && until - System.nanoTime() > 0 && !closed && !ended) {
            lookAt(until);
            return;
        }
        watched.set(false);
        if (until != NOBODY && !closed && !ended) {
            arrivals.add(new Arrival.Late(until));
        } else if (deadline != NOBODY && !closed && !ended) {
            // Somebody began to wait when this was on its way out.
            watch(deadline);
        }
    }

    private void askForMore() {
        Flow.Subscription from = source.get();
        if (++taken == WINDOW / 2 && from != null) {
            taken = 0;
            from.request(WINDOW / 2);
        }
    }

    /** What {@code broken} means to whoever reads. */
    static IOException failure(Arrival.Broken broken) {
        return broken.cause instanceof IOException io ? io : new IOException(broken.cause);
    }

    @Override
    public void close() {
        closed = true;
        Flow.Subscription from = source.getAndSet(null);
        if (!ended && from != null) {
            from.cancel();
        }
    }
}
