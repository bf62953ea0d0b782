package dev.parley.application;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what must come to be, however slow the machine. */
final class Wait {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Wait() {}

    static void until(String what, BooleanSupplier holds) {
        until(() -> what, holds);
    }

    static void until(Supplier<String> what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("Expected that " + what.get());
            }
            LockSupport.parkNanos(200_000);
        }
    }

    static <T> T forThe(String what, Supplier<Optional<T>> found) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<T> now = found.get();
            if (now.isPresent()) {
                return now.get();
            }
            if (System.nanoTime() > deadline) {
                fail("Expected the " + what);
            }
            LockSupport.parkNanos(200_000);
        }
    }
}
