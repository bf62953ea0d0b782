package dev.parley.adapter.embedded.sqlite;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waits that an interrupt does not end: whoever wrote must not be left in doubt. The interrupt is kept for later. */
final class Waiting {
    private Waiting() {}

    static <T> T join(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException failed) {
            throw asThrown(failed);
        }
    }

    /** What a work threw goes on to its caller as it is. */
    private static RuntimeException asThrown(CompletionException failed) {
        return switch (failed.getCause()) {
            case RuntimeException thrown -> thrown;
            case Error error -> throw error;
            case null, default -> failed;
        };
    }

    static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
