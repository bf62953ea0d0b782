package dev.parley.bootstrap;

import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A reply that was asked for. Safe for use by many threads. */
public final class Answer {

    private final MessageId id;
    private final CompletableFuture<Message> done;
    private final Runnable stop;

    Answer(MessageId id, CompletableFuture<Message> done, Runnable stop) {
        this.id = id;
        this.done = done;
        this.stop = stop;
    }

    /** The message that it becomes. */
    public MessageId id() {
        return id;
    }

    /**
     * The whole reply, once it has ended in whatever way: {@link Message#reply} says how. Completes behind the last call of the
     * listener; fails when the conversation is closed before.
     */
    public CompletableFuture<Message> whenDone() {
        return done.copy();
    }

    /** As {@link #whenDone}, waiting at most {@code most}. */
    public Message await(Duration most) throws InterruptedException, TimeoutException {
        try {
            return done.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("Expected a reply to end, found the conversation closed", failed);
        }
    }

    /** Ends it: the model stops, what it wrote is kept. Harmless when it has ended. */
    public void stop() {
        stop.run();
    }
}
