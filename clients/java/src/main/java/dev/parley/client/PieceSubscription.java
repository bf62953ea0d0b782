package dev.parley.client;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One reader of a reply. It is told one thing after the other, never on the client's thread, and no more than it asked for. */
final class PieceSubscription implements Flow.Subscription {

    private final Reply reply;
    private final Flow.Subscriber<? super String> subscriber;
    private final Executor workers;
    private final AtomicLong demand = new AtomicLong();
    /** Rounds to be made; whoever brings it from 0 to 1 makes them. */
    private final AtomicInteger rounds = new AtomicInteger();
    private volatile boolean over;
    private volatile boolean illegal;
    private boolean begun;
    private int shown;

    PieceSubscription(Reply reply, Flow.Subscriber<? super String> subscriber, Executor workers) {
        this.reply = reply;
        this.subscriber = Objects.requireNonNull(subscriber);
        this.workers = workers;
    }

    void begin() {
        wake();
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            illegal = true;
        } else {
            demand.accumulateAndGet(count, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
        }
        wake();
    }

    @Override
    public void cancel() {
        over = true;
        reply.forget(this);
    }

    /** Something has changed: there may be something to tell. */
    void wake() {
        if (!over && rounds.getAndIncrement() == 0) {
            workers.execute(this::drain);
        }
    }

    private void drain() {
        int made = 1;
        do {
            try {
                tell();
            } catch (RuntimeException broken) {
                // A subscriber that throws has broken the rules and is not called again.
                cancel();
            }
            made = rounds.addAndGet(-made);
        } while (made > 0);
    }

    private void tell() {
        if (!begun && !over) {
            begun = true;
            subscriber.onSubscribe(this);
        }
        while (!over) {
            if (illegal) {
                end();
                subscriber.onError(new IllegalArgumentException("Expected a demand of at least 1"));
                return;
            }
            boolean last = reply.ended();
            Optional<ParleyException> refusal = reply.refusal();
            Optional<String> piece = reply.after(shown);
            if (piece.isPresent()) {
                if (demand.get() == 0) {
                    return;
                }
                if (demand.get() != Long.MAX_VALUE) {
                    demand.decrementAndGet();
                }
                shown += piece.get().length();
                subscriber.onNext(piece.get());
            } else if (last) {
                end();
                subscriber.onComplete();
            } else if (refusal.isPresent()) {
                end();
                subscriber.onError(refusal.get());
            } else {
                return;
            }
        }
    }

    private void end() {
        cancel();
    }
}
