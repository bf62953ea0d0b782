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

        /** Nothing came in the time given. */
        record Late() implements Arrival {}
    }

    private static final int WINDOW = 16;
    private static final Arrival LATE = new Arrival.Late();

    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final AtomicReference<Flow.@Nullable Subscription> source = new AtomicReference<>();
    private volatile boolean closed;
    private int taken;
    private boolean ended;

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
        Arrival arrival = arrivals.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (arrival == null) {
            return LATE;
        }
        if (arrival instanceof Arrival.Bytes) {
            askForMore();
        } else {
            ended = true;
        }
        return arrival;
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
        Flow.Subscription from = source.get();
        if (!ended && from != null) {
            from.cancel();
        }
    }
}
