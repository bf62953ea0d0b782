package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Repeat;
import dev.parley.application.command.Sent;
import dev.parley.application.event.Event;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who comes back without a cursor is told what was said since they were last here; and names of messages that come round again. */
final class LastHereTest {

    private static final SessionId ROOM = new SessionId(Person.ROOM);
    private static final Duration BEAT = Duration.ofSeconds(30);

    @Test
    void what_was_said_while_a_member_was_away_waits_for_them() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Person ben = stage.person("ben").inRoom();
            Visit first = new Visit(ben);
            ana.says("heard");
            first.awaits("heard");
            first.leaves();
            ana.says("missed");

            Visit second = new Visit(ben);
            second.awaits("missed");
            assertThat(second.heard()).containsExactly("missed");
            assertThat(second.caughtUp()).isTrue();
        }
    }

    @Test
    void it_waits_for_a_member_who_was_invited_and_never_came() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana");
            Person ben = stage.person("ben");
            Person carla = stage.person("carla");
            ana.group(Person.ROOM, ben);
            ana.says("before carla");
            Stage.done(ana.does(new Command.AddMember(ROOM, carla.user())));
            ana.says("after carla");

            Visit bens = new Visit(ben);
            bens.awaits("after carla");
            assertThat(bens.heard()).containsExactly("before carla", "after carla");
            Visit carlas = new Visit(carla);
            carlas.awaits("after carla");
            assertThat(carlas.heard()).containsExactly("after carla");
        }
    }

    @Test
    void who_was_never_here_is_told_what_happens_from_now_on() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana");
            Stage.done(ana.enters(Person.ROOM, Visibility.SHARED));
            ana.says("alone");
            Visit ben = new Visit(stage.person("ben"));
            ana.says("together");
            ben.awaits("together");
            assertThat(ben.heard()).containsExactly("together");
            assertThat(Stage.done(ben.link.follow(ROOM, new Link.From.Now())).behind()).isFalse();
        }
    }

    @Test
    void what_was_told_to_a_client_that_vanished_is_told_again() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Person ben = stage.person("ben").inRoom();
            Visit first = new Visit(ben);
            ana.says("surely heard");
            first.awaits("surely heard");
            assertThat(first.link.unsure()).isTrue();
            first.link.seen();
            first.link.seen();
            assertThat(first.link.unsure()).isFalse();
            ana.says("perhaps heard");
            first.awaits("perhaps heard");
            first.vanishes();

            Visit second = new Visit(ben);
            second.awaits("perhaps heard");
            assertThat(second.heard()).containsExactly("perhaps heard");
            assertThat(second.behind).isTrue();
        }
    }

    @Test
    void the_place_is_kept_while_the_connection_lasts_and_survives_the_node() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Person ben = stage.person("ben").inRoom();
            Visit first = new Visit(ben);
            ana.says("heard");
            first.awaits("heard");
            first.link.seen();
            first.link.seen();
            stage.pass(BEAT);
            Wait.until(
                    "the place is stored",
                    () -> stage.store.sessions().reachOf(ROOM, ben.user()).orElse(0) == stage.session(Person.ROOM).position());

            ana.says("missed");
            Visit elsewhere = new Visit(stage.person(stage.another(), "ben"));
            elsewhere.awaits("missed");
            assertThat(elsewhere.heard()).containsExactly("missed");
        }
    }

    @Test
    void a_name_that_comes_round_again_is_the_same_message_only_with_the_same_words_and_soon() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Sent first = Stage.done(ana.sends(named("Hello")));
            assertThat(Stage.done(ana.sends(named("Hello"))))
                    .satisfies(again -> assertThat(again.duplicate()).isTrue())
                    .satisfies(again -> assertThat(again.message().id()).isEqualTo(first.message().id()));
            assertThat(Stage.done(ana.sends(named("Something else"))).duplicate()).isFalse();
            stage.pass(Duration.ofMinutes(10));
            assertThat(Stage.done(ana.sends(named("Something else"))).duplicate()).isFalse();
            assertThat(Stage.done(ana.sends(named("Something else"))).duplicate()).isTrue();
        }
    }

    @Test
    void an_entered_session_may_bring_its_title() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana");
            Stage.done(ana.does(new Command.EnterSession(
                    ROOM, Visibility.GROUP, Optional.empty(), Optional.of("My Chat Room"))));
            assertThat(stage.session(Person.ROOM).title()).isEqualTo("My Chat Room");
            Outcome<Command.Entered> odd = ana.does(new Command.EnterSession(
                    new SessionId("other"), Visibility.GROUP, Optional.empty(), Optional.of("x".repeat(201))));
            assertThat(Stage.refusal(odd).code().name()).isEqualTo("BAD_REQUEST");
            assertThat(stage.store.sessions().find(new SessionId("other"))).isEmpty();
        }
    }

    private static Command.SendMessage named(String content) {
        return new Command.SendMessage(
                ROOM,
                content,
                Optional.of("msg-1"),
                new Repeat.Within(Duration.ofMinutes(10)),
                Optional.empty(),
                ClientMetadata.NONE,
                Optional.empty());
    }

    /** A connection of somebody who has no cursor. */
    private static final class Visit {

        private final List<Event> events = new ArrayList<>();
        private final Link link;
        private final boolean behind;

        Visit(Person person) {
            this.link = person.engine().connect(person.caller(), event -> {
                synchronized (events) {
                    events.add(event);
                }
            });
            this.behind = Stage.done(link.follow(ROOM, new Link.From.LastHere())).behind();
        }

        List<String> heard() {
            synchronized (events) {
                return events.stream()
                        .filter(Event.Happened.class::isInstance)
                        .map(event -> ((Event.Happened) event).change().body())
                        .filter(Change.MessageAdded.class::isInstance)
                        .map(body -> ((Change.MessageAdded) body).message().content())
                        .toList();
            }
        }

        boolean caughtUp() {
            synchronized (events) {
                return events.stream().anyMatch(event -> event instanceof Event.CaughtUp end && end.recovered());
            }
        }

        void awaits(String content) {
            Wait.until(content + " is told", () -> heard().contains(content));
        }

        void leaves() {
            link.left();
            link.close();
        }

        void vanishes() {
            link.close();
        }
    }
}
