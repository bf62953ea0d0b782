package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.event.Event;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PresenceTest {

    private static final SessionId ROOM = new SessionId(Person.ROOM);

    private static void awaitOnline(Seat seat, String user, boolean online) {
        seat.view.await(
                Event.PresenceChanged.class,
                change -> change.user().value().equals(user) && change.online() == online);
    }

    @Test
    void people_come_and_go_with_their_last_connection_and_after_a_grace() {
        try (Stage stage = Stage.open()) {
            Seat ana = stage.person("ana").inRoom().sits();
            Person bob = stage.person("bob").inRoom();
            Seat one = bob.sits();
            awaitOnline(ana, "bob", true);
            Seat two = bob.sits();
            assertThat(stage.live.presence().in(ROOM)).hasSize(2);
            one.drops();
            stage.pass(Duration.ofSeconds(5));
            assertThat(stage.live.presence().in(ROOM)).hasSize(2);
            two.drops();
            stage.pass(Duration.ofSeconds(1));
            assertThat(stage.live.presence().in(ROOM)).hasSize(2);
            stage.pass(Duration.ofSeconds(2));
            awaitOnline(ana, "bob", false);
            assertThat(stage.live.presence().in(ROOM)).extracting(Presence.Present::name).containsExactly("ana");
        }
    }

    @Test
    void a_reload_within_the_grace_is_not_seen() {
        try (Stage stage = Stage.open()) {
            Seat ana = stage.person("ana").inRoom().sits();
            Seat bob = stage.person("bob").inRoom().sits();
            awaitOnline(ana, "bob", true);
            bob.drops();
            stage.pass(Duration.ofSeconds(1));
            bob.comesBack(Person.ROOM);
            stage.pass(Duration.ofSeconds(5));
            ana.awaitPosition(stage.person("ana").says("Hello").position());
            assertThat(ana.view.all(Event.PresenceChanged.class)
                    .stream()
                    .filter(change -> change.user().value().equals("bob"))
                    .toList())
                    .hasSize(1);
        }
    }

    @Test
    void who_follows_anew_on_the_same_connection_stays_present() {
        try (Stage stage = Stage.open()) {
            Seat ana = stage.person("ana").inRoom().sits();
            ana.follow(Person.ROOM);
            stage.pass(Duration.ofSeconds(10));
            assertThat(stage.live.presence().in(ROOM)).hasSize(1);
        }
    }

    @Test
    void a_connection_that_stays_counts_for_as_long_as_it_stays() {
        try (Stage stage = Stage.open()) {
            Seat ana = stage.person("ana").inRoom().sits();
            stage.pass(Duration.ofMinutes(10));
            assertThat(stage.live.presence().in(ROOM)).hasSize(1);
            ana.drops();
            stage.pass(Duration.ofSeconds(3));
            assertThat(stage.live.presence().in(ROOM)).isEmpty();
        }
    }

    @Test
    void who_vanishes_with_a_node_is_gone_after_a_while() {
        try (Stage stage = Stage.open()) {
            Seat ana = stage.person("ana").inRoom().sits();
            stage.live
                    .presence()
                    .enter(
                            new Presence.Present(ROOM, stage.person("ghost").user(), "ghost"),
                            new ConnectionId("of-a-dead-node"),
                            Duration.ofSeconds(60));
            stage.pass(Duration.ofSeconds(90));
            awaitOnline(ana, "ghost", false);
        }
    }

    @Test
    void typing_is_told_once_and_ends_by_saying_so_by_sending_or_by_itself() {
        try (Stage stage = Stage.open()) {
            Seat ana = stage.person("ana").inRoom().sits();
            Person bob = stage.person("bob").inRoom();
            Seat typist = bob.sits();
            Command.SetTyping types = new Command.SetTyping(ROOM, true);
            for (int i = 0; i < 50; i++) {
                Stage.done(typist.link().handle(types));
            }
            awaitTyping(ana, 1);
            Stage.done(typist.link().handle(new Command.SetTyping(ROOM, false)));
            awaitTyping(ana, 2);
            Stage.done(typist.link().handle(types));
            awaitTyping(ana, 3);
            Stage.done(typist.link()
                    .handle(Person.message(
                            Person.ROOM, "Hello", Optional.empty(), Optional.empty())));
            awaitTyping(ana, 4);
            Stage.done(typist.link().handle(types));
            awaitTyping(ana, 5);
            Seat late = stage.person("late").inRoom().sits();
            late.view.await(Event.TypingChanged.class, Event.TypingChanged::active);
            stage.pass(Duration.ofSeconds(7));
            awaitTyping(ana, 6);
            assertThat(ana.view.all(Event.TypingChanged.class)
                    .stream()
                    .map(Event.TypingChanged::active)
                    .toList())
                    .isEqualTo(IntStream.range(0, 6).mapToObj(i -> i % 2 == 0).toList());
        }
    }

    private static void awaitTyping(Seat seat, int count) {
        Wait.until(
                () -> "typing changed " + count + " times, found " + seat.view.all(Event.TypingChanged.class),
                () -> {
                    List<Event.TypingChanged> all = seat.view.all(Event.TypingChanged.class);
                    return all.size() == count;
                });
    }
}
