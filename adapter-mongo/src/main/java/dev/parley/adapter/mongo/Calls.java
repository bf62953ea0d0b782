package dev.parley.adapter.mongo;

import com.mongodb.MongoException;
import dev.parley.domain.error.Circuit;
import dev.parley.domain.error.UnavailableException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.bson.BsonMaximumSizeExceededException;
import org.jspecify.annotations.Nullable;

/**
 * Calls to MongoDB, so many at a time and for no longer than somebody waits: while it is slow others wait for their turn, and while
 * it does not answer they fail at once, but for one now and then.
 */
final class Calls {
    /** More than there are connections, since steps of one session are taken together. */
    private static final int MOST = 1_000;

    private static final int MOST_WAITING = 10_000;

    private final Circuit circuit;
    private final long patienceNanos;
    private final Semaphore room;
    private final AtomicReference<@Nullable MongoException> noted = new AtomicReference<>();

    /** Whether what runs is part of a call that has its turn. */
    private final ThreadLocal<Boolean> within = ThreadLocal.withInitial(() -> false);

    /** @param patience how long a call may wait for its turn */
    Calls(Circuit circuit, Duration patience) {
        this(circuit, patience, MOST);
    }

    /** @param most how many may be under way */
    Calls(Circuit circuit, Duration patience, int most) {
        this.circuit = circuit;
        this.patienceNanos = patience.toNanos();
        this.room = new Semaphore(most, true);
    }

    /**
     * Runs {@code call} to its end, whatever interrupts the caller meanwhile: a write that was broken off would be one of which
     * nobody knows whether it happened.
     */
    <T> T guarded(Supplier<T> call) {
        if (within.get()) {
            return call.get();
        }
        circuit.enter();
        if (!room.tryAcquire()) {
            takeTurn();
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("parley-mongo").start(() -> run(call, answer));
        try {
            return answer.join();
        } catch (CompletionException failed) {
            throw asThrown(failed);
        }
    }

    private void takeTurn() {
        boolean mine = room.getQueueLength() < MOST_WAITING && awaited();
        if (!mine) {
            throw new UnavailableException("Expected a turn to use MongoDB, found too many before");
        }
        boolean useful = false;
        try {
            circuit.enter();
            useful = true;
        } finally {
            if (!useful) {
                room.release();
            }
        }
    }

    private boolean awaited() {
        boolean interrupted = false;
        long end = System.nanoTime() + patienceNanos;
        try {
            while (true) {
                try {
                    return room.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @SuppressWarnings("IllegalCatch")
    private <T> void run(Supplier<T> call, CompletableFuture<T> answer) {
        within.set(true);
        try {
            T value = call.get();
            circuit.succeeded();
            answer.complete(value);
        } catch (MongoException | BsonMaximumSizeExceededException fault) {
            note(fault);
            answer.completeExceptionally(Faults.translated(fault));
        } catch (Throwable thrown) { // whatever a work throws is its caller's
            note(thrown.getCause());
            answer.completeExceptionally(thrown);
        } finally {
            room.release();
        }
    }

    /** Tells the circuit what a failure says of MongoDB, if it is one of MongoDB's; once, however many steps it was the end of. */
    private void note(@Nullable Throwable failure) {
        if (failure instanceof MongoException fault && !Objects.equals(noted.getAndSet(fault), fault)) {
            if (Faults.away(fault)) {
                circuit.failed(Faults.reason(fault));
            } else {
                circuit.succeeded();
            }
        }
    }

    private static RuntimeException asThrown(CompletionException failed) {
        return switch (failed.getCause()) {
            case RuntimeException thrown -> thrown;
            case Error error -> throw error;
            case null, default -> failed;
        };
    }
}
