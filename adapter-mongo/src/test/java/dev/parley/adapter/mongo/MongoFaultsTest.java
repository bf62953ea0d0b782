package dev.parley.adapter.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.mongodb.MongoTimeoutException;
import de.bwaldvogel.mongo.MongoServer;
import dev.parley.domain.error.Circuit;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.testkit.wire.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A MongoDB that is slow or gives no answer is waited for by few, and used again by itself when it is well. */
class MongoFaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TelemetryEvent AWAY = new TelemetryEvent.DependencyChanged("store", false);
    private static final TelemetryEvent BACK = new TelemetryEvent.DependencyChanged("store", true);
    private static final SessionId ROOM = new SessionId("room");

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T opening(T thing) {
        opened.add(thing);
        return thing;
    }

    @Nested
    class OnALine {
        private final List<TelemetryEvent> told = new CopyOnWriteArrayList<>();
        private final FaultProxy line;
        private final MongoAdapter adapter;

        OnALine() {
            MongoServer server = MongoPeer.inJava();
            opening(server::shutdownNow);
            line = opening(FaultProxy.before("127.0.0.1", server.bind().getPort()));
            adapter = opening(MongoPeer.connected(
                    new MongoSettings(
                            "mongodb://" + line.host() + ":" + line.port(),
                            "x",
                            Duration.ofMillis(300),
                            Duration.ofMillis(300),
                            5),
                    told::add));
        }

        @Test
        void one_that_answers_nothing_is_refused_at_once_to_all_but_few_and_used_again_when_it_answers() throws Exception {
            line.halfOpen();
            awaitAway();
            assertThat(adapter.fault()).isPresent();
            List<String> answers = atOnce(300);
            assertThat(answers).filteredOn(said -> said.startsWith("Expected MongoDB to answer, it has not lately"))
                    .as("who is refused at once")
                    .hasSizeGreaterThan(answers.size() / 2);
            line.heal();
            line.reset();
            worksAgain();
            assertThat(told).startsWith(AWAY).endsWith(BACK);
        }

        @Test
        void one_that_is_gone_is_used_again_when_it_is_back() {
            line.cut();
            awaitAway();
            line.heal();
            worksAgain();
            await().atMost(PATIENCE).until(() -> adapter.fault().isEmpty());
            assertThat(told).startsWith(AWAY).endsWith(BACK);
        }

        private void awaitAway() {
            await().atMost(PATIENCE).until(() -> {
                assertThatThrownBy(() -> adapter.sessions().find(ROOM)).isInstanceOf(UnavailableException.class);
                return told.contains(AWAY);
            });
        }

        private List<String> atOnce(int calls) throws Exception {
            List<Future<String>> refused = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < calls; i++) {
                    refused.add(threads.submit(() -> catchThrowable(() -> adapter.sessions().find(ROOM)).getMessage()));
                }
            }
            List<String> answers = new ArrayList<>();
            for (Future<String> each : refused) {
                answers.add(each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            }
            return answers;
        }

        private void worksAgain() {
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(UnavailableException.class)
                    .until(() -> adapter.sessions().find(ROOM), Optional::isEmpty);
        }
    }

    @Nested
    class Turns {
        /** In a time that stands still: what is refused is refused for good. */
        private final Circuit circuit = new Circuit("MongoDB", () -> 0, up -> {});

        @Test
        void so_many_calls_are_under_way_and_the_others_wait_for_their_turn() throws Exception {
            Calls calls = new Calls(circuit, PATIENCE, 4);
            CountDownLatch slow = new CountDownLatch(1);
            AtomicInteger underWay = new AtomicInteger();
            List<Future<Integer>> all = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 50; i++) {
                    all.add(threads.submit(() -> calls.guarded(() -> {
                        int now = underWay.incrementAndGet();
                        awaiting(slow);
                        underWay.decrementAndGet();
                        return now;
                    })));
                }
                await().atMost(PATIENCE).until(() -> underWay.get() == 4);
                slow.countDown();
            }
            for (Future<Integer> each : all) {
                assertThat(each.get()).isBetween(1, 4);
            }
        }

        @Test
        void who_waits_for_a_turn_in_vain_is_refused() throws Exception {
            Calls calls = new Calls(circuit, Duration.ofMillis(50), 1);
            CountDownLatch slow = new CountDownLatch(1);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                CountDownLatch begun = new CountDownLatch(1);
                Future<Boolean> first = threads.submit(() -> calls.guarded(() -> {
                    begun.countDown();
                    return awaiting(slow);
                }));
                awaiting(begun);
                String mine = Thread.currentThread().getName();
                for (String name : List.of(mine, "parley-mongo")) {
                    Thread.currentThread().setName(name);
                    assertThatThrownBy(() -> calls.guarded(() -> true))
                            .isInstanceOf(UnavailableException.class)
                            .hasMessageContaining("a turn");
                }
                Thread.currentThread().setName(mine);
                slow.countDown();
                assertThat(first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            assertThat(calls.guarded(() -> "the turn is free again")).isNotEmpty();
        }

        @Test
        void who_waits_for_a_turn_is_refused_when_nothing_answers_any_more() throws Exception {
            Calls calls = new Calls(circuit, PATIENCE, 1);
            CountDownLatch slow = new CountDownLatch(1);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                CountDownLatch begun = new CountDownLatch(1);
                Future<Boolean> first = threads.submit(() -> calls.guarded(() -> {
                    begun.countDown();
                    awaiting(slow);
                    for (int i = 0; i < 3; i++) {
                        circuit.failed("gone");
                    }
                    throw new UnavailableException("gone");
                }));
                awaiting(begun);
                Future<String> second = threads.submit(
                        () -> catchThrowable(() -> calls.guarded(() -> true)).getMessage());
                slow.countDown();
                assertThatThrownBy(() -> first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasMessageContaining("gone");
                assertThat(second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).contains("has not lately");
            }
        }

        @Test
        void one_failure_counts_once_however_many_steps_it_was_the_end_of() {
            Calls calls = new Calls(circuit, PATIENCE, 4);
            RuntimeException together = Faults.translated(new MongoTimeoutException("away"));
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> calls.guarded(() -> thrown(together))).isInstanceOf(UnavailableException.class);
            }
            assertThat(circuit.closed()).isTrue();
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> calls.guarded(() -> thrown(new MongoTimeoutException("away"))))
                        .isInstanceOf(UnavailableException.class);
            }
            assertThat(circuit.closed()).isFalse();
        }

        private static boolean thrown(RuntimeException what) {
            throw what;
        }

        @Test
        void what_is_part_of_a_call_needs_no_turn_of_its_own() {
            Calls calls = new Calls(circuit, PATIENCE, 1);
            assertThat(calls.guarded(() -> calls.guarded(() -> "within"))).isEqualTo("within");
        }

        private static boolean awaiting(CountDownLatch latch) {
            try {
                return latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
