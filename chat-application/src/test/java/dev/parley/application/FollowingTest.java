package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.event.Event;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.SessionId;
import dev.parley.testkit.llm.ScriptedExchange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class FollowingTest {

    @Test
    void who_comes_late_gets_the_beginning_one_piece_and_the_tail() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat early = ana.sits();
            MessageId reply = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("One ", "two ", "three");
            early.view.awaitText(reply, "One two three");
            Seat late = ana.sits();
            late.view.awaitText(reply, "One two three");
            assertThat(late.view.all(Event.ReplyBegan.class)).hasSize(1);
            assertThat(late.view.all(Event.ReplyGrew.class)).hasSize(1);
            exchange.say(" four");
            late.view.awaitText(reply, "One two three four");
            exchange.end();
            late.view.awaitEnd(reply);
            assertThat(late.view.faults()).isEmpty();
        }
    }

    @Test
    void who_says_how_far_it_was_shown_gets_what_follows_and_no_beginning() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId reply = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("One ");
            seat.view.awaitText(reply, "One ");
            seat.drops();
            exchange.say("two ");
            seat.comesBack(Person.ROOM);
            seat.view.awaitText(reply, "One two ");
            exchange.end();
            seat.view.awaitEnd(reply);
            assertThat(seat.view.all(Event.ReplyBegan.class)).hasSize(1);
            assertThat(seat.view.await(Event.CaughtUp.class).recovered()).isTrue();
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @Test
    void who_was_away_at_the_end_gets_the_rest_and_the_end() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId reply = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("One ");
            seat.view.awaitText(reply, "One ");
            seat.drops();
            exchange.say("two");
            exchange.end();
            stage.awaitEnd(reply);
            seat.comesBack(Person.ROOM);
            assertThat(seat.view.awaitEnd(reply).content()).isEqualTo("One two");
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @Test
    void a_place_that_means_nothing_begins_the_reply_anew() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat first = ana.sits();
            MessageId reply = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("😀!");
            first.view.awaitText(reply, "😀!");
            long now = stage.session(Person.ROOM).position();
            for (long nonsense : List.of(100L, -1L, 1L)) {
                Seat seat = ana.connects();
                seat.followFrom(Person.ROOM, now, Map.of(reply, nonsense));
                seat.view.awaitText(reply, "😀!");
                assertThat(seat.view.all(Event.ReplyBegan.class)).hasSize(1);
                assertThat(seat.view.faults()).isEmpty();
            }
            exchange.end();
        }
    }

    @Test
    void who_missed_too_much_or_names_no_place_must_load_anew_and_hears_what_is_live() {
        try (Stage stage = Stage.open(rules -> rules.maxMissed = 3)) {
            Person ana = stage.person("ana").inRoom();
            for (int i = 0; i < 6; i++) {
                ana.says("Message " + i);
            }
            long now = stage.session(Person.ROOM).position();
            for (long nonsense : List.of(1L, now + 5, -7L)) {
                Seat seat = ana.connects();
                seat.followFrom(Person.ROOM, nonsense, Map.of());
                Event.CaughtUp caught = seat.view.await(Event.CaughtUp.class);
                assertThat(caught.recovered()).isFalse();
                assertThat(seat.view.all(Event.Happened.class)).isEmpty();
                long next = ana.says("Live").position();
                seat.awaitPosition(next);
                seat.close();
            }
            Seat near = ana.connects();
            near.followFrom(Person.ROOM, stage.session(Person.ROOM).position() - 2, Map.of());
            assertThat(near.view.await(Event.CaughtUp.class).recovered()).isTrue();
            assertThat(near.view.all(Event.Happened.class)).hasSize(2);
        }
    }

    @Test
    void a_replay_tells_again_what_lies_before_the_beginning_and_leaves_running_replies_alone()
            throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            ana.says("One");
            ana.says("Two");
            MessageId reply = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("So");
            Seat seat = ana.sits();
            seat.view.awaitText(reply, "So");
            long began = stage.session(Person.ROOM).position();
            seat.view.expectReplay();
            var again = Stage.done(seat.link()
                    .replay(new SessionId(Person.ROOM), new Link.From.Position(1, Map.of())));
            assertThat(again.position()).isEqualTo(began);
            assertThat(seat.view.await(Event.CaughtUp.class).recovered()).isTrue();
            assertThat(seat.view.all(Event.Happened.class)
                    .stream()
                    .map(happened -> happened.change().position())
                    .toList())
                    .containsExactlyElementsOf(LongStream.rangeClosed(2, began)
                            .boxed()
                            .toList());
            exchange.say(" far");
            seat.view.awaitText(reply, "So far");
            exchange.end();
            seat.view.awaitEnd(reply);
            assertThat(seat.view.all(Event.ReplyBegan.class)).hasSize(1);
            assertThat(seat.view.faults()).isEmpty();
            assertThat(Stage.code(ana.connects()
                    .link()
                    .replay(new SessionId(Person.ROOM), new Link.From.Position(1, Map.of()))))
                    .isEqualTo(ErrorCode.BAD_REQUEST);
        }
    }

    @Test
    void text_comes_at_once_and_then_in_windows_and_none_is_lost() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> rules.coalesce = Duration.ofMillis(30))) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId reply = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("a");
            seat.view.awaitText(reply, "a");
            exchange.say("b", "c", "d");
            assertThat(seat.view.growing(reply)).contains("a");
            stage.pass(Duration.ofMillis(30));
            seat.view.awaitText(reply, "abcd");
            assertThat(seat.view.all(Event.ReplyGrew.class)).hasSize(2);
            exchange.say("x".repeat(5000));
            seat.view.awaitText(reply, "abcd" + "x".repeat(5000));
            exchange.say("e");
            exchange.end();
            assertThat(seat.view.awaitEnd(reply).content()).endsWith("xe");
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @Test
    void what_has_gathered_with_the_model_does_not_wait_for_a_window_again() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> rules.coalesce = Duration.ofMillis(30))) {
            stage.model.gathering(Duration.ofMillis(30));
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId reply = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("a");
            seat.view.awaitText(reply, "a");
            exchange.say("b", "c", "d");
            seat.view.awaitText(reply, "abcd");
            exchange.end();
            assertThat(seat.view.awaitEnd(reply).content()).isEqualTo("abcd");
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @Test
    void a_log_that_is_away_costs_no_reply_a_word() throws InterruptedException {
        AtomicBoolean away = new AtomicBoolean();
        try (Stage stage = Stage.open(rules -> {}, ports -> Twins.withStreams(ports, new FaultyLog(ports.streams(), away)))) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId midway = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("Shown");
            seat.view.awaitText(midway, "Shown");
            away.set(true);
            exchange.say(" and not");
            exchange.end();
            assertThat(seat.view.awaitEnd(midway).content()).isEqualTo("Shown and not");
            MessageId never = ana.reply("Again");
            exchange = stage.model.next();
            exchange.say("All of it");
            exchange.end();
            assertThat(seat.view.awaitEnd(never).content()).isEqualTo("All of it");
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @Test
    void a_session_that_is_purged_and_made_again_is_followed_from_its_new_beginning() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat here = ana.sits();
            Seat there = stage.person(stage.another(), "ana").sits();
            ana.says("Old");
            ana.does(new Command.PurgeSession(new SessionId(Person.ROOM)));
            assertThat(here.awaitLoss().why()).isEqualTo(Event.Loss.DELETED);
            assertThat(there.awaitLoss().why()).isEqualTo(Event.Loss.DELETED);
            ana.inRoom();
            Seat anew = ana.sits();
            long position = ana.says("New").position();
            anew.awaitPosition(position);
            assertThat(anew.view.faults()).isEmpty();
        }
    }

    @Test
    void a_sink_that_throws_harms_nobody_else() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Link broken = stage.engine.connect(ana.caller(), event -> {
                throw new IllegalStateException("Scripted to fail");
            });
            Stage.done(broken.follow(new SessionId(Person.ROOM), new Link.From.Now()));
            Seat seat = ana.sits();
            seat.awaitPosition(ana.says("One").position());
            seat.awaitPosition(ana.says("Two").position());
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    /** Logs that can be written no more. */
    private record FaultyLog(StreamLog log, AtomicBoolean away) implements StreamLog {
        @Override
        public Writer create(StreamHead head, long fence) {
            check();
            Writer writer = log.create(head, fence);
            return new Writer() {
                @Override
                public long append(String text) {
                    check();
                    return writer.append(text);
                }

                @Override
                public void end() {
                    check();
                    writer.end();
                }

                @Override
                public void close() {
                    writer.close();
                }
            };
        }

        @Override
        public Cursor open(MessageId reply, long offset) {
            return log.open(reply, offset);
        }

        private void check() {
            if (away.get()) {
                throw new UnavailableException("Expected a log, found none");
            }
        }
    }
}
