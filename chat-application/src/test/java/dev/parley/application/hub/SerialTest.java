package dev.parley.application.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SerialTest {

    private static final int PRODUCERS = 8;
    private static final int TASKS = 20_000;

    @Test
    void no_two_tasks_run_at_once_whoever_brings_them() throws InterruptedException {
        Serial serial = new Serial("test-", "serial");
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger together = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(PRODUCERS * TASKS);

        List<Thread> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            producers.add(Thread.ofPlatform().start(() -> {
                for (int task = 0; task < TASKS; task++) {
                    Consumer<Runnable> way = task % 2 == 0 ? serial::run : serial::runHere;
                    way.accept(() -> {
                        if (inside.incrementAndGet() > 1) {
                            together.incrementAndGet();
                        }
                        inside.decrementAndGet();
                        done.countDown();
                    });
                }
            }));
        }
        for (Thread producer : producers) {
            producer.join();
        }

        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(together).hasValue(0);
    }

    @Test
    void a_task_that_is_to_run_here_runs_here_when_nothing_else_does() {
        Serial serial = new Serial("test-", "serial");
        AtomicReference<Thread> ran = new AtomicReference<>();

        serial.runHere(() -> ran.set(Thread.currentThread()));

        assertThat(ran).hasValue(Thread.currentThread());
    }

    @Test
    void a_task_that_is_to_run_here_waits_for_its_turn() throws InterruptedException {
        Serial serial = new Serial("test-", "serial");
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);

        serial.run(() -> {
            running.countDown();
            awaitQuietly(release);
            order.add("first");
        });
        assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
        serial.runHere(() -> {
            order.add("second");
            done.countDown();
        });
        release.countDown();

        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(order).containsExactly("first", "second");
    }

    @Test
    void what_a_task_that_runs_here_brings_runs_behind_it_here_even_when_it_throws() {
        Serial serial = new Serial("test-", "serial");
        List<String> order = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();

        serial.runHere(() -> {
            serial.run(() -> {
                order.add("second");
                threads.add(Thread.currentThread());
            });
            serial.runHere(() -> order.add("third"));
            order.add("first");
            throw new IllegalStateException("Expected by this test");
        });
        serial.runHere(() -> order.add("fourth"));

        assertThat(order).containsExactly("first", "second", "third", "fourth");
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_task_that_throws_does_not_keep_the_next_from_running() throws InterruptedException {
        Serial serial = new Serial("test-", "serial");
        CountDownLatch next = new CountDownLatch(1);

        serial.run(() -> {
            throw new IllegalStateException("Expected by this test");
        });
        serial.run(next::countDown);

        assertThat(next.await(60, TimeUnit.SECONDS)).isTrue();
    }
}
