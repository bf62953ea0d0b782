package dev.parley.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.Registration;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link Timers} keeps to. */
public abstract class TimersContract {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONGER = Duration.ofMillis(60);

    protected abstract Timers timers();

    /** The clock by which the timers go. */
    protected abstract InstantSource clock();

    /** Lets at least {@code step} pass, or nothing where time passes by itself. */
    protected abstract void advance(Duration step);

    @Nested
    class Running {

        @Test
        void a_task_runs_once_and_not_before_its_time() throws InterruptedException {
            BlockingQueue<Instant> runs = new LinkedBlockingQueue<>();
            Instant start = clock().instant();
            timers().after(SHORT, () -> runs.add(clock().instant()));
            advance(SHORT);
            assertThat(take(runs)).isAfterOrEqualTo(start.plus(SHORT));
            awaitTimers();
            assertThat(runs).isEmpty();
        }

        @Test
        void a_delay_of_zero_or_less_means_soon() throws InterruptedException {
            BlockingQueue<String> runs = new LinkedBlockingQueue<>();
            timers().after(Duration.ZERO, () -> runs.add("zero"));
            timers().after(Duration.ofMillis(-5), () -> runs.add("less"));
            advance(Duration.ofMillis(1));
            assertThat(List.of(take(runs), take(runs))).containsExactlyInAnyOrder("zero", "less");
        }

        @Test
        void a_task_may_plan_another() throws InterruptedException {
            BlockingQueue<String> runs = new LinkedBlockingQueue<>();
            timers().after(SHORT, () -> timers().after(SHORT, () -> runs.add("second")));
            advance(SHORT);
            advance(SHORT.multipliedBy(2));
            assertThat(take(runs)).isEqualTo("second");
        }

        @Test
        void a_task_that_throws_harms_nobody() throws InterruptedException {
            BlockingQueue<String> runs = new LinkedBlockingQueue<>();
            timers().after(SHORT, () -> {
                throw new IllegalStateException("Thrown on purpose");
            });
            timers().after(LONGER, () -> runs.add("ran"));
            advance(LONGER);
            assertThat(take(runs)).isEqualTo("ran");
        }

        @Test
        void thousands_of_tasks_all_run() throws InterruptedException {
            CountDownLatch left = new CountDownLatch(5_000);
            for (int i = 0; i < 5_000; i++) {
                timers().after(Duration.ofMillis(i % 50), left::countDown);
            }
            advance(LONGER);
            assertThat(left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        @Test
        void a_delay_beyond_all_measure_is_just_long() throws InterruptedException {
            AtomicInteger runs = new AtomicInteger();
            try (Registration late = timers().after(Duration.ofDays(365L * 1_000_000), runs::incrementAndGet)) {
                awaitTimers();
                assertThat(runs).hasValue(0);
            }
        }
    }

    @Nested
    class Closing {

        @Test
        void what_is_closed_before_does_not_run() throws InterruptedException {
            AtomicInteger runs = new AtomicInteger();
            boolean closedBefore = false;
            while (!closedBefore) {
                // A machine that has much to do may take so long to get there that they have run already.
                runs.set(0);
                Instant start = clock().instant();
                planAndClose(runs);
                closedBefore = clock().instant().isBefore(start.plus(LONGER));
                awaitTimers();
            }
            assertThat(runs).hasValue(0);
        }

        private void planAndClose(AtomicInteger runs) {
            List<Registration> planned = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                planned.add(timers().after(LONGER, runs::incrementAndGet));
            }
            for (Registration one : planned) {
                one.close();
                one.close();
            }
        }

        @Test
        void closing_what_has_run_is_harmless() throws InterruptedException {
            BlockingQueue<String> runs = new LinkedBlockingQueue<>();
            Registration planned = timers().after(SHORT, () -> runs.add("ran"));
            advance(SHORT);
            take(runs);
            planned.close();
        }
    }

    /** Waits until a task that is planned later than all others of these tests has run. */
    private void awaitTimers() throws InterruptedException {
        BlockingQueue<String> runs = new LinkedBlockingQueue<>();
        timers().after(LONGER.multipliedBy(2), () -> runs.add("witness"));
        advance(LONGER.multipliedBy(2));
        take(runs);
    }

    private static <T> T take(BlockingQueue<T> runs) throws InterruptedException {
        T run = runs.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (run == null) {
            throw new AssertionError("Expected that a task runs, found that none does");
        }
        return run;
    }
}
