package dev.parley.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A message on its way out. */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told on the client's thread
public final class Sent {

    /** Where it is. */
    public enum Status {
        WAITING,
        SENDING,
        ACCEPTED,
        REFUSED
    }

    private final Frame frame;
    private final String id;
    private final Optional<Reply> expected;
    private final Executor workers;
    private volatile CompletableFuture<Receipt> accepted = new CompletableFuture<>();
    private volatile Status status = Status.WAITING;
    private volatile Optional<Receipt> receipt = Optional.empty();
    private volatile Optional<ParleyException> error = Optional.empty();
    private boolean left;
    private int faults;
    private long notBefore = System.nanoTime();

    Sent(Frame frame, Optional<Reply> expected, Executor workers) {
        this.frame = frame;
        this.id = frame.text("id").orElseThrow();
        this.expected = expected;
        this.workers = workers;
    }

    /** The same however often it is sent. */
    public String id() {
        return id;
    }

    public String content() {
        return frame.text("content").orElse("");
    }

    public Status status() {
        return status;
    }

    /** The answer to come. @throws IllegalStateException when none was asked for */
    public Reply reply() {
        return expected.orElseThrow(
                () -> new IllegalStateException("Expected a message that is to be answered, found one without a reply"));
    }

    /**
     * Completes once the server has stored it; fails when it was refused, or when the client is closed before: it stays in the outbox
     * then.
     */
    public CompletableFuture<Receipt> accepted() {
        return accepted.copy();
    }

    /** The receipt, if it is there already. */
    public Optional<Receipt> receipt() {
        return receipt;
    }

    /** Why it was refused, or has to wait. */
    public Optional<ParleyException> error() {
        return error;
    }

    Frame frame() {
        return frame;
    }

    Optional<Reply> expected() {
        return expected;
    }

    /** How often it failed for reasons that may pass. */
    int faults() {
        return faults;
    }

    void faulted() {
        faults++;
    }

    Duration left(long now) {
        return Duration.ofNanos(notBefore - now);
    }

    void postpone(ParleyException why, Duration wait) {
        error = Optional.of(why);
        notBefore = System.nanoTime() + wait.toNanos();
    }

    void is(Status now) {
        status = now;
    }

    void accept(Receipt word) {
        receipt = Optional.of(word);
        error = Optional.empty();
        status = Status.ACCEPTED;
        CompletableFuture<Receipt> waiting = accepted;
        waiting.completeAsync(() -> word, workers);
    }

    void refuse(ParleyException why) {
        error = Optional.of(why);
        status = Status.REFUSED;
        leave(why);
    }

    /** The client is closed: nobody need wait for it any longer, though it stays in the outbox. */
    void leave(ParleyException why) {
        CompletableFuture<Receipt> waiting = accepted;
        expected.ifPresent(reply -> reply.refuse(why));
        workers.execute(() -> waiting.completeExceptionally(why));
        left = true;
    }

    /** The client is open again. */
    void revive() {
        if (left) {
            accepted = new CompletableFuture<>();
            left = false;
        }
        expected.ifPresent(Reply::revive);
    }
}
