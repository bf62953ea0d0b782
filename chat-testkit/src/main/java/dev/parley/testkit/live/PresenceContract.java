package dev.parley.testkit.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.live.Presence.Present;
import dev.parley.domain.session.SessionId;
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

/** What every {@link Presence} keeps to. */
public abstract class PresenceContract extends LiveContract<Presence> {

    private static final SessionId ROOM = new SessionId("room");
    private static final SessionId OTHER = new SessionId("other");
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Present ANA = present(ROOM, "ana");
    private static final Present BEN = present(ROOM, "ben");
    private static final ConnectionId FIRST = new ConnectionId("connection-1");
    private static final ConnectionId SECOND = new ConnectionId("connection-2");

    @Nested
    class Coming {

        @Test
        void the_first_connection_of_a_user_is_an_arrival_and_the_second_is_none() {
            assertThat(port().enter(ANA, FIRST, TTL)).isTrue();
            assertThat(peer().enter(ANA, FIRST, TTL)).isFalse();
            assertThat(peer().enter(ANA, SECOND, TTL)).isFalse();
            assertThat(port().enter(BEN, FIRST, TTL)).isTrue();
        }

        @Test
        void everybody_is_listed_once_by_user_id() {
            port().enter(BEN, new ConnectionId("c"), TTL);
            port().enter(ANA, FIRST, TTL);
            peer().enter(ANA, SECOND, TTL);
            port().enter(present(OTHER, "zoe"), FIRST, TTL);
            assertThat(peer().in(ROOM)).containsExactly(ANA, BEN);
            assertThat(peer().in(new SessionId("empty"))).isEmpty();
        }

        @Test
        void names_are_kept_as_they_are() {
            Present odd = new Present(ROOM, new UserId("a:b|c \"d\""), "Zoë \n😀");
            port().enter(odd, FIRST, TTL);
            assertThat(peer().in(ROOM)).containsExactly(odd);
        }
    }

    @Nested
    class Leaving {

        @Test
        void the_last_connection_is_a_departure() {
            port().enter(ANA, FIRST, TTL);
            port().enter(ANA, SECOND, TTL);
            assertThat(peer().leave(ANA, FIRST)).isFalse();
            assertThat(peer().in(ROOM)).containsExactly(ANA);
            assertThat(peer().leave(ANA, SECOND)).isTrue();
            assertThat(port().in(ROOM)).isEmpty();
            assertThat(swept(port())).isEmpty();
        }

        @Test
        void unknown_connections_change_nothing() {
            assertThat(port().leave(ANA, FIRST)).isFalse();
            port().enter(ANA, FIRST, TTL);
            assertThat(port().leave(ANA, SECOND)).isFalse();
            assertThat(port().leave(present(OTHER, "ana"), FIRST)).isFalse();
            assertThat(port().in(ROOM)).containsExactly(ANA);
        }

        @Test
        void who_left_can_come_again() {
            port().enter(ANA, FIRST, TTL);
            port().leave(ANA, FIRST);
            assertThat(port().enter(ANA, FIRST, TTL)).isTrue();
        }
    }

    @Nested
    class Expiry {

        @Test
        void who_does_not_say_so_again_is_gone_after_their_time() {
            port().enter(ANA, FIRST, TTL);
            advance(TTL.minusSeconds(1));
            assertThat(port().in(ROOM)).containsExactly(ANA);
            assertThat(swept(port())).isEmpty();
            advance(Duration.ofSeconds(2));
            assertThat(port().in(ROOM)).isEmpty();
        }

        @Test
        void saying_so_again_renews_the_time() {
            port().enter(ANA, FIRST, TTL);
            advance(TTL.minusSeconds(1));
            port().enter(ANA, FIRST, TTL);
            advance(TTL.minusSeconds(1));
            assertThat(port().in(ROOM)).containsExactly(ANA);
            assertThat(swept(peer())).isEmpty();
        }

        @Test
        void a_sweep_names_each_departure_once() {
            port().enter(ANA, FIRST, TTL);
            port().enter(BEN, new ConnectionId("connection-3"), TTL.multipliedBy(3));
            port().enter(present(OTHER, "ana"), FIRST, TTL);
            advance(TTL.plusSeconds(1));
            assertThat(swept(peer())).containsExactlyInAnyOrder(ANA, present(OTHER, "ana"));
            assertThat(swept(port())).isEmpty();
            assertThat(swept(peer())).isEmpty();
            assertThat(port().in(ROOM)).containsExactly(BEN);
        }

        @Test
        void one_of_two_connections_that_runs_out_is_no_departure() {
            port().enter(ANA, FIRST, TTL);
            port().enter(ANA, SECOND, TTL.multipliedBy(2));
            advance(TTL.plusSeconds(1));
            assertThat(swept(port())).isEmpty();
            assertThat(port().leave(ANA, SECOND)).isTrue();
        }

        @Test
        void the_last_that_leaves_takes_those_along_whose_time_is_over() {
            port().enter(ANA, FIRST, TTL);
            port().enter(ANA, SECOND, TTL.multipliedBy(2));
            advance(TTL.plusSeconds(1));
            assertThat(port().leave(ANA, SECOND)).isTrue();
            assertThat(swept(port())).isEmpty();
        }

        @Test
        void who_comes_again_after_their_time_arrives() {
            port().enter(ANA, FIRST, TTL);
            advance(TTL.plusSeconds(1));
            assertThat(port().enter(ANA, FIRST, TTL)).isTrue();
            assertThat(swept(port())).isEmpty();
            assertThat(port().in(ROOM)).containsExactly(ANA);
        }

        @Test
        void who_was_named_to_somebody_who_did_not_come_to_the_end_is_named_again() {
            port().enter(ANA, FIRST, TTL);
            port().enter(BEN, SECOND, TTL);
            advance(TTL.plusSeconds(1));
            assertThatThrownBy(() -> port().sweep(PresenceContract::breaksOff)).hasMessage("broken off");
            assertThat(port().in(ROOM)).isEmpty();
            advance(Duration.ofMinutes(1));
            assertThat(swept(peer())).containsExactlyInAnyOrder(ANA, BEN);
            advance(Duration.ofMinutes(1));
            assertThat(swept(port())).isEmpty();
        }

        @Test
        void who_comes_again_before_others_were_told_is_not_named_any_more() {
            port().enter(ANA, FIRST, TTL);
            advance(TTL.plusSeconds(1));
            assertThatThrownBy(() -> port().sweep(PresenceContract::breaksOff)).hasMessage("broken off");
            assertThat(peer().enter(ANA, SECOND, TTL.multipliedBy(10))).isTrue();
            advance(Duration.ofMinutes(1));
            assertThat(swept(port())).isEmpty();
            assertThat(port().in(ROOM)).containsExactly(ANA);
        }

        @Test
        void many_sweepers_share_the_departures_among_them() throws Exception {
            List<Present> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Present one = present(ROOM, "user-%03d".formatted(i));
                all.add(one);
                port().enter(one, new ConnectionId("connection-" + i), TTL);
            }
            advance(TTL.plusSeconds(1));
            List<Present> named = new ArrayList<>();
            List<Callable<List<Present>>> sweeps = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Presence node = i % 2 == 0 ? port() : peer();
                sweeps.add(() -> swept(node));
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<List<Present>> sweep : threads.invokeAll(sweeps, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    named.addAll(sweep.get());
                }
            }
            assertThat(named).containsExactlyInAnyOrderElementsOf(all);
        }
    }

    /** Whom a whole sweep names. */
    private static List<Present> swept(Presence presence) {
        List<Present> gone = new ArrayList<>();
        presence.sweep(gone::add);
        return gone;
    }

    private static void breaksOff(Present gone) {
        throw new IllegalStateException("broken off");
    }

    private static Present present(SessionId session, String user) {
        return new Present(session, new UserId(user), "Name of " + user);
    }
}
