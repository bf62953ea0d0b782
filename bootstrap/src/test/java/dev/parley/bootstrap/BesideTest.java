package dev.parley.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Parts that are opened beside others. */
class BesideTest {

    private final AtomicInteger closed = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);

    @Test
    void a_part_is_opened_while_others_are() throws Exception {
        Beside<AutoCloseable> beside = Beside.opening("part", this::slowly);
        // It is still opening here, or this would wait for ever.
        go.countDown();

        AutoCloseable part = beside.opened();

        assertThat(beside.opened()).isSameAs(part);
        assertThat(closed).hasValue(0);
        beside.close();
        assertThat(closed).hasValue(1);
    }

    @Test
    void what_opening_threw_is_thrown_to_whoever_waits_and_nothing_is_closed() throws Exception {
        Beside<AutoCloseable> faulty = Beside.opening("part", () -> {
            throw new IllegalArgumentException("Expected better");
        });
        Beside<AutoCloseable> missing = Beside.opening("part", () -> {
            throw new NoClassDefFoundError("a/Library");
        });

        assertThatThrownBy(faulty::opened).isInstanceOf(IllegalArgumentException.class).hasMessage("Expected better");
        assertThatThrownBy(missing::opened).isInstanceOf(NoClassDefFoundError.class).hasMessage("a/Library");
        faulty.close();
        missing.close();
        assertThat(closed).hasValue(0);
    }

    @Test
    void whoever_closes_a_part_that_still_opens_waits_for_it_and_leaves_nothing_open() throws Exception {
        Beside<AutoCloseable> beside = Beside.opening("part", this::slowly);
        Thread.currentThread().interrupt();
        Thread opener = Thread.ofVirtual().start(go::countDown);

        beside.close();

        assertThat(closed).hasValue(1);
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        opener.join();
    }

    @Test
    void whoever_is_interrupted_while_waiting_is_told() throws Exception {
        Beside<AutoCloseable> beside = Beside.opening("part", this::slowly);
        Thread.currentThread().interrupt();

        assertThatThrownBy(beside::opened).isInstanceOf(IllegalStateException.class).hasMessageContaining("the part");

        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        go.countDown();
        beside.close();
        assertThat(closed).hasValue(1);
    }

    private AutoCloseable slowly() {
        try {
            go.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return closed::incrementAndGet;
    }
}
