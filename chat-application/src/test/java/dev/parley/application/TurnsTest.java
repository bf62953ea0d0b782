package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Overlap;
import dev.parley.application.event.Event;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.testkit.llm.ScriptedExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TurnsTest {

    @Test
    void questions_that_overlap_are_answered_one_after_the_other_with_the_answers_before() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            MessageId first = ana.reply("First?");
            ScriptedExchange one = stage.model.next();
            MessageId second = ana.reply("Second?");
            assertThat(stage.model.requests()).isEqualTo(1);
            one.say("First!");
            one.end();
            ScriptedExchange two = stage.model.next();
            assertThat(two.prompt().turns().stream().map(turn -> turn.content()).toList())
                    .containsExactly("First?", "First!", "Second?");
            two.end();
            stage.awaitEnd(first);
            stage.awaitEnd(second);
        }
    }

    @Test
    void a_question_that_would_rather_be_refused_is_busy_and_not_stored() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            ana.asks("First?");
            ScriptedExchange one = stage.model.next();
            long before = stage.session(Person.ROOM).position();
            var refusal = Stage.refusal(ana.tries("Second?", Person.overlapping(Overlap.REJECT)));
            assertThat(refusal.code()).isEqualTo(ErrorCode.BUSY);
            assertThat(refusal.retryAfter()).isPresent();
            assertThat(stage.session(Person.ROOM).position()).isEqualTo(before);
            one.end();
        }
    }

    @Test
    void a_question_that_interrupts_stops_what_runs_and_waits() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            MessageId running = ana.reply("First?");
            ScriptedExchange one = stage.model.next();
            MessageId waiting = ana.reply("Second?");
            MessageId urgent = ana.asks("Now?", Overlap.INTERRUPT).reply().orElseThrow();
            ScriptedExchange two = stage.model.next();
            assertThat(one.ending()).contains(ScriptedExchange.Ending.INTERRUPTED);
            two.say("Now");
            two.end();
            assertThat(stage.awaitEnd(urgent).content()).isEqualTo("Now");
            assertThat(stage.awaitEnd(running).reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
            assertThat(stage.awaitEnd(waiting).reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
        }
    }

    @Test
    void questions_beside_each_other_run_at_once() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            ana.asks("First?");
            ana.asks("Second?", Overlap.PARALLEL);
            ScriptedExchange one = stage.model.next();
            ScriptedExchange two = stage.model.next();
            two.end();
            one.end();
            Wait.until("both have ended", () -> stage.store.replies().unfinished().isEmpty());
        }
    }

    @Test
    void one_session_takes_turns_across_nodes_as_well() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Person elsewhere = stage.person(stage.another(), "ana");
            ana.asks("First?");
            ScriptedExchange one = stage.model.next();
            MessageId second = elsewhere.reply("Second?");
            stage.pass(Duration.ofSeconds(1));
            assertThat(stage.model.requests()).isEqualTo(1);
            one.say("First!");
            one.end();
            Wait.until("the second is asked", () -> {
                stage.pass(Duration.ofMillis(200));
                return stage.model.requests() == 2;
            });
            ScriptedExchange two = stage.model.next();
            assertThat(two.prompt().turns()).hasSize(3);
            two.end();
            stage.awaitEnd(second);
        }
    }

    @Test
    void who_asks_much_does_not_make_others_wait_for_all_of_it() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> rules.concurrentReplies = 1)) {
            Person greedy = stage.person("greedy");
            Person modest = stage.person("modest");
            for (int i = 0; i < 4; i++) {
                Stage.done(greedy.enters("greedy-" + i, Visibility.SHARED));
                Stage.done(greedy.does(ask("greedy-" + i, "Greedy " + i)));
            }
            Stage.done(modest.enters("modest", Visibility.SHARED));
            Stage.done(modest.does(ask("modest", "Modest")));
            List<String> order = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ScriptedExchange next = stage.model.next();
                order.add(next.prompt().turns().getLast().content());
                next.end();
            }
            assertThat(order).containsExactly("Greedy 0", "Modest", "Greedy 1", "Greedy 2", "Greedy 3");
        }
    }

    @Test
    void whoever_waits_is_told_their_place_until_it_is_their_turn() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> rules.concurrentReplies = 1)) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            ana.asks("First");
            ScriptedExchange first = stage.model.next();
            ana.asks("Second");
            MessageId third = ana.reply("Third");
            seat.view.await(Event.ReplyQueued.class, queued -> queued.reply().equals(third) && queued.place() == 2);
            Seat late = ana.sits();
            late.view.await(Event.ReplyQueued.class, queued -> queued.reply().equals(third) && queued.place() == 2);
            first.end();
            ScriptedExchange second = stage.model.next();
            seat.view.await(Event.ReplyQueued.class, queued -> queued.reply().equals(third) && queued.place() == 1);
            second.end();
            stage.model.next().end();
            seat.view.awaitEnd(third);
            List<Integer> places = seat.view.all(Event.ReplyQueued.class)
                    .stream()
                    .filter(queued -> queued.reply().equals(third))
                    .map(Event.ReplyQueued::place)
                    .toList();
            assertThat(places).containsExactly(2, 1);
        }
    }

    @Test
    void no_more_run_at_once_than_the_settings_say() throws InterruptedException {
        AtomicInteger most = new AtomicInteger();
        try (Stage stage = Stage.open(rules -> rules.concurrentReplies = 3)) {
            Person ana = stage.person("ana");
            for (int i = 0; i < 30; i++) {
                Stage.done(ana.enters("s" + i, Visibility.SHARED));
                Stage.done(ana.does(ask("s" + i, "Hello")));
            }
            // Nobody is answered before three run, so three do run at once.
            Wait.until("three are asked", () -> stage.model.requests() == 3);
            for (int i = 0; i < 30; i++) {
                stage.model.next().end();
            }
            Wait.until("all are answered", () -> stage.store.replies().unfinished().isEmpty());
            stage.telemetry.forEach(event -> {
                if (event instanceof TelemetryEvent.QueueChanged changed) {
                    most.accumulateAndGet(changed.running(), Math::max);
                }
            });
            assertThat(most.get()).isEqualTo(3);
        }
    }

    @Test
    void a_queue_that_is_full_says_busy_and_stores_nothing() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> {
            rules.concurrentReplies = 1;
            rules.queueLimit = 1;
        })) {
            Person ana = stage.person("ana").inRoom();
            ana.asks("Runs");
            ScriptedExchange one = stage.model.next();
            MessageId waiting = ana.reply("Waits");
            long before = stage.session(Person.ROOM).position();
            var refusal = Stage.refusal(ana.tries("Too much", Ask.PLAINLY));
            assertThat(refusal.code()).isEqualTo(ErrorCode.BUSY);
            assertThat(refusal.retryAfter()).isPresent();
            assertThat(stage.session(Person.ROOM).position()).isEqualTo(before);
            Stage.done(ana.stops(waiting));
            MessageId again = ana.reply("Fits now");
            one.end();
            stage.model.next().end();
            stage.awaitEnd(again);
        }
    }

    private static Command.SendMessage ask(String session, String content) {
        return Person.message(
                session, content, Optional.empty(), Optional.of(Ask.PLAINLY));
    }
}
