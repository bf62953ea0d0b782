package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What was allowed when a connection opened is not allowed for ever. */
final class AuthorizationTest {

    private static final SessionId ROOM = new SessionId(Person.ROOM);

    private static Principal token(Stage stage, String user, String id, Duration life, String... roles) {
        Instant now = stage.time.instant();
        return new Principal(
                new UserId(user), user, Set.of(roles), false, Optional.of(id), now, Optional.of(now.plus(life)));
    }

    private static void awaitEnd(Seat seat, Event.Cause cause) {
        seat.view.await(Event.Disconnecting.class, end -> end.cause() == cause);
    }

    @Test
    void a_token_that_expires_ends_the_connection_within_two_seconds_and_once() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Person shortly = ana.as(token(stage, "ana", "t1", Duration.ofMinutes(1)));
            Seat seat = shortly.sits();
            stage.pass(Duration.ofSeconds(59));
            assertThat(seat.view.all(Event.Disconnecting.class)).isEmpty();
            stage.pass(Duration.ofSeconds(3));
            awaitEnd(seat, Event.Cause.TOKEN_EXPIRED);
            stage.pass(Duration.ofSeconds(5));
            assertThat(seat.view.all(Event.Disconnecting.class)).hasSize(1);
            int told = seat.view.events().size();
            Seat other = ana.sits();
            other.awaitPosition(ana.says("Secret").position());
            assertThat(seat.view.events()).hasSize(told);
            assertThat(Stage.code(seat.link().handle(new Command.GetSession(ROOM)))).isEqualTo(ErrorCode.TOKEN_EXPIRED);
            assertThat(Stage.code(seat.tryFollow(Person.ROOM))).isEqualTo(ErrorCode.TOKEN_EXPIRED);
        }
    }

    @Test
    void a_newer_token_of_the_same_user_goes_on_and_nobody_elses() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.as(token(stage, "ana", "t1", Duration.ofMinutes(1))).sits();
            assertThat(Stage.code(seat.link().refresh(token(stage, "bob", "t2", Duration.ofHours(1)))))
                    .isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(Stage.code(seat.link().refresh(token(stage, "ana", "t3", Duration.ZERO))))
                    .isEqualTo(ErrorCode.TOKEN_EXPIRED);
            Stage.done(seat.link().refresh(token(stage, "ana", "t4", Duration.ofHours(1))));
            stage.pass(Duration.ofMinutes(10));
            assertThat(seat.view.all(Event.Disconnecting.class)).isEmpty();
            seat.awaitPosition(ana.says("Still here").position());
        }
    }

    @Test
    void a_newer_token_that_grants_less_shows_less() {
        try (Stage stage = Stage.open()) {
            Stage.done(stage.person("ana").enters("mine", Visibility.PRIVATE));
            Seat root = stage.person("root", "admin").sits("mine");
            Stage.done(root.link().refresh(token(stage, "root", "t1", Duration.ofHours(1))));
            assertThat(root.awaitLoss().why()).isEqualTo(Event.Loss.REMOVED);
        }
    }

    @Test
    void revocation_of_a_token_or_a_user_ends_connections_on_all_nodes() {
        try (Stage stage = Stage.open()) {
            ChatEngine other = stage.another();
            Person ana = stage.person("ana").inRoom();
            Seat one = ana.as(token(stage, "ana", "t1", Duration.ofHours(1))).sits();
            Seat two = stage.person(other, "ana")
                    .as(token(stage, "ana", "t2", Duration.ofHours(1)))
                    .sits();
            Person root = stage.person("root", "admin");
            Stage.done(root.does(new Command.RevokeToken("t1")));
            awaitEnd(one, Event.Cause.TOKEN_REVOKED);
            assertThat(two.view.all(Event.Disconnecting.class)).isEmpty();
            Stage.done(root.does(new Command.RevokeUser(new UserId("ana"))));
            awaitEnd(two, Event.Cause.TOKEN_REVOKED);
            assertThat(Stage.code(two.link().handle(new Command.GetQuota()))).isEqualTo(ErrorCode.UNAUTHORIZED);
            stage.pass(Duration.ofSeconds(1));
            Stage.done(ana.as(token(stage, "ana", "t5", Duration.ofHours(1))).does(new Command.GetQuota()));
        }
    }

    @Test
    void a_revocation_whose_hint_is_lost_is_found_soon() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.as(token(stage, "ana", "t1", Duration.ofHours(1))).sits();
            stage.store.revocations().revokeToken("t1", stage.time.instant());
            stage.pass(Duration.ofSeconds(31));
            awaitEnd(seat, Event.Cause.TOKEN_REVOKED);
        }
    }

    @Test
    void a_member_who_is_removed_loses_the_session_at_every_node_and_an_administrator_does_not() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana");
            Person bob = stage.person("bob");
            ana.group(Person.ROOM, bob, stage.person("root"));
            Seat here = bob.sits();
            Seat there = stage.person(stage.another(), "bob").sits();
            Seat root = stage.person("root", "admin").sits();
            Stage.done(ana.does(new Command.RemoveMember(ROOM, bob.user())));
            assertThat(here.awaitLoss().why()).isEqualTo(Event.Loss.REMOVED);
            assertThat(there.awaitLoss().why()).isEqualTo(Event.Loss.REMOVED);
            Stage.done(ana.does(new Command.RemoveMember(ROOM, new UserId("root"))));
            int told = here.view.events().size();
            root.awaitPosition(ana.says("Just us").position());
            assertThat(root.view.all(Event.SessionLost.class)).isEmpty();
            assertThat(here.view.events()).hasSize(told);
            assertThat(Stage.code(here.tryFollow(Person.ROOM))).isEqualTo(ErrorCode.FORBIDDEN);
            stage.pass(Duration.ofSeconds(3));
            assertThat(stage.live.presence().in(ROOM)).noneMatch(present -> present.user().equals(bob.user()));
        }
    }

    @Test
    void closing_a_session_ends_following_it() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = stage.person(stage.another(), "bob").inRoom().sits();
            Stage.done(ana.does(new Command.CloseSession(ROOM)));
            assertThat(seat.awaitLoss().why()).isEqualTo(Event.Loss.CLOSED);
            assertThat(seat.view.faults()).isEmpty();
        }
    }
}
