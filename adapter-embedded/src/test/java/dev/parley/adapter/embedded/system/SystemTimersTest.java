package dev.parley.adapter.embedded.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.time.Timers;
import dev.parley.testkit.time.TimersContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SystemTimersTest extends TimersContract {

    private final SystemTimers timers = SystemTimers.start();

    @AfterEach
    void stop() {
        timers.close();
    }

    @Override
    protected Timers timers() {
        return timers;
    }

    @Override
    protected InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    protected void advance(Duration step) {
        // It passes by itself.
    }

    @Test
    void a_task_that_blocks_holds_up_no_other() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch both = new CountDownLatch(2);
        timers.after(Duration.ZERO, () -> {
            awaitQuietly(release);
            both.countDown();
        });
        timers.after(Duration.ofMillis(1), () -> {
            both.countDown();
            release.countDown();
        });
        assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tasks_that_are_due_together_run_beside_each_other() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            timers.after(Duration.ofMillis(30), () -> {
                all.countDown();
                awaitQuietly(all);
            });
        }
        assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_task_given_after_the_end_is_dropped() {
        timers.close();
        timers.after(Duration.ZERO, () -> {}).close();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
