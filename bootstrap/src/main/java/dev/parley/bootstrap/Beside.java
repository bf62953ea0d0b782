package dev.parley.bootstrap;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** A part that is opened on a thread of its own, beside others. */
final class Beside<T extends AutoCloseable> implements AutoCloseable {

    private final String name;
    private final FutureTask<T> opening;

    private Beside(String name, Supplier<T> part) {
        this.name = name;
        this.opening = new FutureTask<>(part::get);
    }

    /** @param name for its thread and for what is told of it */
    static <T extends AutoCloseable> Beside<T> opening(String name, Supplier<T> part) {
        Beside<T> beside = new Beside<>(name, part);
        Thread.ofPlatform().daemon().name("parley-opens-" + name.replace(' ', '-')).start(beside.opening);
        return beside;
    }

    /** Waits until it is open; throws what opening it threw. */
    T opened() {
        try {
            return opening.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Expected the " + name + " to open, was interrupted before", interrupted);
        } catch (ExecutionException failed) {
            throw thrown(failed);
        }
    }

    private IllegalStateException thrown(ExecutionException failed) {
        return switch (failed.getCause()) {
            case Error error -> throw error;
            case RuntimeException fault -> throw fault;
            case null, default -> new IllegalStateException("Expected to open the " + name, failed);
        };
    }

    /** Waits until it is open, whoever interrupts, so that nothing is left; what could not be opened needs no closing. */
    @Override
    public void close() throws Exception {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    opening.get().close();
                    return;
                } catch (InterruptedException again) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    return;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
