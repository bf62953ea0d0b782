package dev.parley.testkit.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.live.Leases;
import dev.parley.domain.live.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link Leases} keeps to. */
public abstract class LeasesContract extends LiveContract<Leases> {

    private static final NodeId ONE = new NodeId("node-1");
    private static final NodeId TWO = new NodeId("node-2");
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final String NAME = "reply:1 ü";

    @Nested
    class Holding {

        @Test
        void one_owner_holds_a_name_at_a_time() {
            assertThat(port().held(NAME)).isFalse();
            assertThat(port().acquire(NAME, ONE, TTL)).isTrue();
            assertThat(peer().held(NAME)).isTrue();
            assertThat(peer().acquire(NAME, TWO, TTL)).isFalse();
            assertThat(peer().acquire("another", TWO, TTL)).isTrue();
        }

        @Test
        void of_many_who_want_it_at_once_one_gets_it() throws Exception {
            for (int round = 0; round < 20; round++) {
                String name = "wanted-" + round;
                List<Callable<Boolean>> wishes = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    NodeId node = new NodeId("node-" + i);
                    Leases leases = i % 2 == 0 ? port() : peer();
                    wishes.add(() -> leases.acquire(name, node, TTL));
                }
                int holders = 0;
                try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (Future<Boolean> wish : threads.invokeAll(wishes, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                        holders += wish.get() ? 1 : 0;
                    }
                }
                assertThat(holders).isEqualTo(1);
            }
        }
    }

    @Nested
    class Time {

        @Test
        void it_ends_by_itself() {
            port().acquire(NAME, ONE, TTL);
            advance(TTL.minusSeconds(1));
            assertThat(peer().acquire(NAME, TWO, TTL)).isFalse();
            advance(Duration.ofSeconds(2));
            assertThat(peer().held(NAME)).isFalse();
            assertThat(peer().acquire(NAME, TWO, TTL)).isTrue();
            assertThat(port().acquire(NAME, ONE, TTL)).isFalse();
        }

        @Test
        void the_owner_renews_it_by_taking_it_again() {
            port().acquire(NAME, ONE, TTL);
            advance(TTL.minusSeconds(1));
            assertThat(port().acquire(NAME, ONE, TTL)).isTrue();
            advance(TTL.minusSeconds(1));
            assertThat(peer().acquire(NAME, TWO, TTL)).isFalse();
        }
    }

    @Nested
    class LettingGo {

        @Test
        void what_is_released_is_free_at_once() {
            port().acquire(NAME, ONE, TTL);
            port().release(NAME, ONE);
            assertThat(peer().held(NAME)).isFalse();
            assertThat(peer().acquire(NAME, TWO, TTL)).isTrue();
        }

        @Test
        void nobody_releases_what_another_holds() {
            port().acquire(NAME, ONE, TTL);
            peer().release(NAME, TWO);
            peer().release("unknown", TWO);
            assertThat(port().held(NAME)).isTrue();
        }
    }
}
