package dev.parley.testkit.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link ConnectionRegistry} keeps to. */
public abstract class ConnectionRegistryContract extends LiveContract<ConnectionRegistry> {

    private static final UserId ANA = new UserId("ana");
    private static final UserId BEN = new UserId("ben");

    /** Registries keep instants to the millisecond at least. */
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.123Z");

    @Nested
    class Listing {

        @Test
        void connections_are_listed_longest_open_first_as_they_were_put() {
            ConnectionInfo late = connection("a", ANA, 30);
            ConnectionInfo early = connection("b", BEN, 10);
            ConnectionInfo middle = new ConnectionInfo(
                    new ConnectionId("c"),
                    new NodeId("node-2"),
                    Optional.empty(),
                    new UserId("Zoë:|\"x\""),
                    "socketio",
                    START.plusSeconds(20),
                    START.plusSeconds(25),
                    false);
            port().put(late);
            peer().put(early);
            port().put(middle);
            assertThat(peer().all(PageRequest.first()).items()).containsExactly(early, middle, late);
        }

        @Test
        void pages_say_how_many_there_are() {
            for (int i = 0; i < 7; i++) {
                port().put(connection("connection-" + i, ANA, i));
            }
            assertThat(peer().all(new PageRequest(2, 3)).items())
                    .extracting(connection -> connection.id().value())
                    .containsExactly("connection-2", "connection-3", "connection-4");
            assertThat(peer().all(new PageRequest(2, 3)).total()).isEqualTo(7);
            assertThat(peer().all(new PageRequest(9, 3)).items()).isEmpty();
        }
    }

    @Nested
    class Counting {

        @Test
        void connections_are_counted_by_user() {
            port().put(connection("a", ANA, 1));
            peer().put(connection("b", ANA, 2));
            port().put(connection("c", BEN, 3));
            assertThat(peer().countOf(ANA)).isEqualTo(2);
            assertThat(port().countOf(BEN)).isEqualTo(1);
            assertThat(port().countOf(new UserId("nobody"))).isZero();
        }

        @Test
        void putting_again_replaces_and_removing_twice_is_harmless() {
            port().put(connection("a", ANA, 1));
            port().put(connection("a", ANA, 5));
            assertThat(port().countOf(ANA)).isEqualTo(1);
            port().put(connection("a", BEN, 6));
            assertThat(port().countOf(ANA)).isZero();
            assertThat(port().countOf(BEN)).isEqualTo(1);
            peer().remove(new ConnectionId("a"));
            peer().remove(new ConnectionId("a"));
            assertThat(port().countOf(BEN)).isZero();
            assertThat(port().all(PageRequest.first()).total()).isZero();
        }

        @Test
        void many_who_come_and_go_at_once_are_counted_right() throws Exception {
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int number = i;
                ConnectionRegistry registry = i % 2 == 0 ? port() : peer();
                work.add(() -> {
                    registry.put(connection("connection-" + number, ANA, number));
                    registry.touch(new ConnectionId("connection-" + number), START);
                    if (number % 4 == 0) {
                        registry.remove(new ConnectionId("connection-" + number));
                    }
                    return true;
                });
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Boolean> done : threads.invokeAll(work, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    done.get();
                }
            }
            assertThat(port().countOf(ANA)).isEqualTo(150);
        }
    }

    /** How long a node's connections are known without a sign of life of any of them; empty where there is one node only. */
    protected Optional<Duration> nodeLife() {
        return Optional.empty();
    }

    @Nested
    class DeadNodes {

        private final Duration life = nodeLife().orElse(Duration.ofDays(1));

        @Test
        void connections_go_with_their_node_where_there_are_several() {
            port().put(connection("a", ANA, 1));
            port().put(connection("b", BEN, 2));
            advance(life.minusSeconds(1));
            assertThat(peer().all(PageRequest.first()).total()).isEqualTo(2);
            advance(Duration.ofSeconds(2));
            long left = nodeLife().isPresent() ? 0 : 2;
            assertThat(peer().all(PageRequest.first()).total()).isEqualTo(left);
            assertThat(peer().countOf(ANA)).isEqualTo((int) left / 2);
        }

        @Test
        void a_sign_of_life_of_one_keeps_all_of_its_node() {
            port().put(connection("a", ANA, 1));
            port().put(connection("b", ANA, 2));
            advance(life.minusSeconds(1));
            port().touch(new ConnectionId("b"), START.plus(life));
            advance(life.minusSeconds(1));
            assertThat(peer().countOf(ANA)).isEqualTo(2);
        }

        @Test
        void who_was_taken_for_dead_comes_back_by_putting_again() {
            port().put(connection("a", ANA, 1));
            advance(life.plusSeconds(1));
            peer().countOf(ANA);
            port().put(connection("a", ANA, 1));
            assertThat(peer().all(PageRequest.first()).items()).containsExactly(connection("a", ANA, 1));
            assertThat(peer().countOf(ANA)).isEqualTo(1);
        }
    }

    @Nested
    class SignsOfLife {

        @Test
        void a_sign_of_life_changes_its_time_and_nothing_else() {
            port().put(connection("a", ANA, 1));
            peer().touch(new ConnectionId("a"), START.plusSeconds(99));
            ConnectionInfo before = connection("a", ANA, 1);
            assertThat(port().all(PageRequest.first()).items())
                    .containsExactly(new ConnectionInfo(
                            before.id(),
                            before.node(),
                            before.session(),
                            before.user(),
                            before.protocol(),
                            before.connectedAt(),
                            START.plusSeconds(99),
                            before.active()));
        }

        @Test
        void unknown_connections_do_not_come_to_life() {
            port().touch(new ConnectionId("unknown"), START);
            assertThat(port().all(PageRequest.first()).total()).isZero();
        }
    }

    private static ConnectionInfo connection(String id, UserId user, int openedAfter) {
        return new ConnectionInfo(
                new ConnectionId(id),
                new NodeId("node-1"),
                Optional.of(new SessionId("room")),
                user,
                "chat",
                START.plusSeconds(openedAfter),
                START.plusSeconds(openedAfter),
                true);
    }
}
