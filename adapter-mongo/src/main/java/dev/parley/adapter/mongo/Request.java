package dev.parley.adapter.mongo;

import com.mongodb.MongoException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** A step that somebody waits for. Its work may run several times; what the run that counts led to is what they are told. */
final class Request<T> {
    private final Function<Step, T> work;
    private final boolean alone;
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    Request(Function<Step, T> work, boolean alone) {
        this.work = work;
        this.alone = alone;
    }

    boolean alone() {
        return alone;
    }

    /** What a run led to. */
    @FunctionalInterface
    interface Outcome {
        void tell();
    }

    /** Runs the work; what it throws of its own is an outcome too. */
    @SuppressWarnings("IllegalCatch")
    Run run(Step step) {
        long before = step.writings();
        try {
            T result = work.apply(step);
            return new Run(() -> answer.complete(result), false);
        } catch (MongoException fault) {
            throw fault;
        } catch (Throwable thrown) { // whatever a work throws is its caller's
            return new Run(() -> fail(thrown), step.writings() != before);
        }
    }

    /** @param spoilt whether the work failed after it wrote, so that the step is of no use any more */
    record Run(Outcome outcome, boolean spoilt) {}

    void fail(Throwable why) {
        answer.completeExceptionally(why);
    }

    T answer() {
        try {
            return answer.join();
        } catch (CompletionException failed) {
            throw switch (failed.getCause()) {
                case RuntimeException thrown -> thrown;
                case Error error -> throw error;
                case null, default -> failed;
            };
        }
    }
}
