package dev.parley.domain.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CircuitTest {

    private static final long PAUSE = 500_000_000L;

    /** Begins just before such clocks begin anew. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - PAUSE / 2);
    private final List<Boolean> told = new ArrayList<>();
    private final Circuit circuit = new Circuit("Redis", nanos::get, told::add);

    @Test
    void calls_are_let_through_until_three_in_a_row_have_failed() {
        fail(2);
        circuit.succeeded();
        fail(2);
        circuit.enter();
        assertThat(circuit.closed()).isTrue();
        assertThat(told).isEmpty();
        fail(1);
        assertThat(circuit.closed()).isFalse();
        assertThat(told).containsExactly(false);
        assertThatThrownBy(circuit::enter)
                .isInstanceOf(UnavailableException.class)
                .hasMessage("Expected Redis to answer, it has not lately: gone");
    }

    @Test
    void one_may_try_now_and_then() {
        fail(3);
        nanos.addAndGet(PAUSE - 1);
        assertThatThrownBy(circuit::enter).isInstanceOf(UnavailableException.class);
        nanos.addAndGet(1);
        circuit.enter();
        assertThatThrownBy(circuit::enter).isInstanceOf(UnavailableException.class);
        fail(1);
        nanos.addAndGet(PAUSE);
        circuit.enter();
        assertThat(told).as("what is no news").containsExactly(false);
    }

    @Test
    void changes_are_told_in_their_order_whoever_is_slow_to_tell() throws InterruptedException {
        List<Boolean> heard = Collections.synchronizedList(new ArrayList<>());
        List<Thread> others = new ArrayList<>();
        AtomicReference<Circuit> slow = new AtomicReference<>();
        slow.set(new Circuit("Redis", nanos::get, up -> {
            if (!up) {
                others.add(Thread.ofPlatform().start(slow.get()::succeeded));
                while (!slow.get().closed()) {
                    Thread.onSpinWait();
                }
            }
            heard.add(up);
        }));
        for (int i = 0; i < 3; i++) {
            slow.get().failed("gone");
        }
        others.getFirst().join();
        assertThat(heard).containsExactly(false, true);
    }

    @Test
    void whatever_succeeds_lets_all_through_again() {
        fail(3);
        circuit.succeeded();
        circuit.enter();
        assertThat(circuit.closed()).isTrue();
        assertThat(told).containsExactly(false, true);
        fail(2);
        circuit.enter();
        assertThat(told).hasSize(2);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            circuit.failed("gone");
        }
    }
}
