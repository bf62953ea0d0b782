package dev.parley.client;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** What somebody waits for, on whatever thread: none of it waits longer than there is a client. */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told to who waits
final class Answers {

    private final Loop loop;
    private final Executor workers;
    private final Map<Object, CompletableFuture<?>> open = new ConcurrentHashMap<>();
    private volatile boolean over;

    Answers(Loop loop, Executor workers) {
        this.loop = loop;
        this.workers = workers;
    }

    /** Done on the client's thread, asked for by any; fails once that thread is no more. */
    <T> CompletableFuture<T> on(Supplier<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean will = loop.run(() -> {
            try {
                answer.complete(work.get());
            } catch (RuntimeException | Error fault) { // nobody may wait for ever
                answer.completeExceptionally(fault);
            }
        });
        if (!will) {
            answer.completeExceptionally(ParleyException.closed());
        }
        return answer;
    }

    /** What hangs on it does not run on the client's thread, since it may take its time; and it ends with the client at the latest. */
    <T> CompletableFuture<T> elsewhere(CompletableFuture<T> answer) {
        CompletableFuture<T> told = new CompletableFuture<>();
        Object name = new Object();
        open.put(name, told);
        answer.whenCompleteAsync((found, fault) -> {
            open.remove(name);
            if (fault == null) {
                told.complete(found);
            } else {
                told.completeExceptionally(Rest.cause(fault));
            }
        }, workers);
        if (over) {
            end(told);
        }
        return told;
    }

    /** The client's thread takes nothing more: who still waits does so in vain. */
    void end() {
        over = true;
        open.values().forEach(this::end);
    }

    private void end(CompletableFuture<?> told) {
        workers.execute(() -> told.completeExceptionally(ParleyException.closed()));
    }
}
