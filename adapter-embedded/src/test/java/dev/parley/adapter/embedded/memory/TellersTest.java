package dev.parley.adapter.embedded.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TellersTest {

    private static final int MANY = 2_000;
    private static final int PRODUCERS = 8;

    private final Tellers tellers = new Tellers();

    @Test
    void tasks_that_wait_for_each_other_run_beside_each_other() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            tellers.execute(() -> {
                all.countDown();
                awaitQuietly(all);
            });
        }
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_task_that_is_brought_by_one_that_waits_for_it_runs() throws InterruptedException {
        CountDownLatch brought = new CountDownLatch(1);
        CountDownLatch both = new CountDownLatch(1);
        tellers.execute(() -> {
            tellers.execute(brought::countDown);
            awaitQuietly(brought);
            both.countDown();
        });
        assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void every_task_runs_once_whoever_brings_it_and_whenever_that_is() throws InterruptedException {
        List<AtomicInteger> runs = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(PRODUCERS * MANY);
        for (int i = 0; i < PRODUCERS * MANY; i++) {
            runs.add(new AtomicInteger());
        }
        for (int producer = 0; producer < PRODUCERS; producer++) {
            List<AtomicInteger> mine = runs.subList(producer * MANY, (producer + 1) * MANY);
            Thread.ofPlatform().start(() -> mine.forEach(run -> tellers.execute(() -> {
                run.incrementAndGet();
                all.countDown();
            })));
        }
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).extracting(AtomicInteger::get).containsOnly(1);
    }

    @Test
    void a_task_that_fails_keeps_none_from_running() throws InterruptedException {
        CountDownLatch rest = new CountDownLatch(MANY);
        for (int i = 0; i < MANY; i++) {
            tellers.execute(() -> {
                rest.countDown();
                throw new AssertionError("Thrown on purpose");
            });
        }
        assertThat(rest.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_task_that_leaves_its_thread_interrupted_interrupts_no_other() throws InterruptedException {
        AtomicInteger interrupted = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(MANY);
        for (int i = 0; i < MANY; i++) {
            tellers.execute(() -> {
                if (Thread.currentThread().isInterrupted()) {
                    interrupted.incrementAndGet();
                }
                Thread.currentThread().interrupt();
                all.countDown();
            });
        }
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(interrupted).hasValue(0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
