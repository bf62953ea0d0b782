package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Overlap;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedExchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class StopTest {

    @Test
    void stops_midway_keep_the_text_and_are_answered_after_the_model_was_let_go() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId reply = ana.reply("A long story");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("Once");
            assertThat(stopped(ana.stops(reply))).containsExactly(reply);
            assertThat(exchange.ending()).isPresent();
            assertThat(exchange.awaitEnding()).isEqualTo(ScriptedExchange.Ending.INTERRUPTED);
            assertThat(status(stage, reply)).isEqualTo(ReplyStatus.STOPPED);
            assertThat(seat.view.awaitEnd(reply).content()).isEqualTo("Once");
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @Test
    void stops_before_the_first_text_reach_the_model_too() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            MessageId reply = ana.reply("Think");
            ScriptedExchange exchange = stage.model.next();
            assertThat(stopped(ana.stopsAll())).containsExactly(reply);
            assertThat(exchange.ending()).contains(ScriptedExchange.Ending.INTERRUPTED);
            assertThat(stage.message(reply).content()).isEmpty();
        }
    }

    @Test
    void stops_of_a_reply_that_waits_end_it_without_asking_the_model() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            MessageId running = ana.reply("First");
            ScriptedExchange exchange = stage.model.next();
            MessageId waiting = ana.reply("Second");
            assertThat(stopped(ana.stops(waiting))).containsExactly(waiting);
            assertThat(status(stage, waiting)).isEqualTo(ReplyStatus.STOPPED);
            assertThat(status(stage, running)).isEqualTo(ReplyStatus.RUNNING);
            exchange.end();
            stage.awaitEnd(running);
            assertThat(stage.model.requests()).isEqualTo(1);
        }
    }

    @Test
    void the_question_names_its_reply_and_nothing_names_all() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            var first = ana.asks("First");
            stage.model.next();
            assertThat(stopped(ana.stops(first.message().id()))).containsExactly(first.reply().orElseThrow());
            MessageId second = ana.reply("Second");
            stage.model.next();
            MessageId third = ana.reply("Third");
            MessageId beside = ana.asks("Beside", Overlap.PARALLEL).reply().orElseThrow();
            stage.model.next();
            assertThat(stopped(ana.stopsAll())).containsExactlyInAnyOrder(second, third, beside);
            assertThat(stage.store.replies().unfinished()).isEmpty();
        }
    }

    @Test
    void stopping_twice_is_no_mistake_and_stopping_nothing_is() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            MessageId reply = ana.reply("Hello");
            stage.model.next();
            assertThat(stopped(ana.stops(reply))).containsExactly(reply);
            assertThat(stopped(ana.stops(reply))).isEmpty();
            assertThat(stopped(ana.stopsAll())).isEmpty();
            assertThat(Stage.code(ana.stops(new MessageId("nothing")))).isEqualTo(ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void another_member_may_stop_and_a_stranger_may_not() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Person bob = stage.person("bob").inRoom();
            MessageId reply = ana.reply("Hello");
            stage.model.next();
            assertThat(Stage.code(stage.person("eve").stops(reply))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(status(stage, reply)).isEqualTo(ReplyStatus.RUNNING);
            assertThat(stopped(bob.stops(reply))).containsExactly(reply);
        }
    }

    @Test
    void stops_are_never_refused_by_a_limit() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> rules.messages =
                Optional.of(new Quota(1, Duration.ofMinutes(1))))) {
            Person ana = stage.person("ana").inRoom();
            MessageId reply = ana.reply("Hello");
            stage.model.next();
            assertThat(Stage.code(ana.tries("More", Ask.PLAINLY)))
                    .isEqualTo(ErrorCode.RATE_LIMIT);
            assertThat(stopped(ana.stops(reply))).containsExactly(reply);
        }
    }

    @Test
    void the_other_node_stops_as_well_and_waits_for_the_proof() throws Exception {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Person elsewhere = stage.person(stage.another(), "ana");
            MessageId reply = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("Well");
            var stop = CompletableFuture.supplyAsync(() -> elsewhere.stops(reply), Thread::startVirtualThread);
            Wait.until("the stop is proven", () -> {
                stage.pass(Duration.ofMillis(50));
                return stop.isDone();
            });
            assertThat(stopped(stop.get())).containsExactly(reply);
            assertThat(exchange.ending()).isPresent();
            assertThat(stage.message(reply).content()).isEqualTo("Well");
        }
    }

    @Test
    void a_stop_whose_hint_is_lost_is_found_in_the_record() throws Exception {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            MessageId reply = ana.reply("Hello");
            stage.model.next();
            stage.store.replies().requestStop(reply, ana.user());
            stage.pass(Duration.ofSeconds(3));
            assertThat(stage.awaitEnd(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
        }
    }

    @Test
    void what_ends_while_it_is_stopped_ends_once() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (Stage stage = Stage.open(rules -> rules.concurrentReplies = 3)) {
            stage.model.scriptAll(prompt -> List.of(
                    ModelStep.say("a"), ModelStep.say("b"), ModelStep.say("c"), ModelStep.say("d"), ModelStep.end()));
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            for (int round = 0; round < 400; round++) {
                MessageId reply = ana.asks("Go", random.nextBoolean() ? Overlap.QUEUE : Overlap.PARALLEL)
                        .reply()
                        .orElseThrow();
                for (int wait = random.nextInt(3) * random.nextInt(3000); wait > 0; wait--) {
                    Thread.onSpinWait();
                }
                List<MessageId> stopped = stopped(random.nextBoolean() ? ana.stops(reply) : ana.stopsAll());
                Message now = stage.message(reply);
                if (stopped.contains(reply)) {
                    assertThat(now.running()).as("seed " + seed).isFalse();
                }
                Message end = seat.view.awaitEnd(reply);
                assertThat(end).isEqualTo(stage.message(reply));
                assertThat("abcd").startsWith(end.content());
                boolean whole = end.reply().orElseThrow().status() == ReplyStatus.COMPLETED;
                assertThat(end.content().equals("abcd") || !whole).isTrue();
            }
            assertThat(seat.view.faults()).isEmpty();
            assertThat(seat.view.ends()).isEqualTo(400);
        }
    }

    @Test
    void closing_a_session_stops_what_runs_in_it() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            MessageId reply = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            Stage.done(ana.does(new Command.CloseSession(new SessionId(Person.ROOM))));
            assertThat(exchange.ending()).contains(ScriptedExchange.Ending.INTERRUPTED);
            assertThat(status(stage, reply)).isEqualTo(ReplyStatus.STOPPED);
            assertThat(Stage.code(ana.stopsAll())).isEqualTo(ErrorCode.GONE);
            assertThat(Stage.code(ana.enters(Person.ROOM, Visibility.SHARED))).isEqualTo(ErrorCode.GONE);
        }
    }

    private static List<MessageId> stopped(Outcome<Command.Stopped> outcome) {
        return Stage.done(outcome).replies();
    }

    private static ReplyStatus status(Stage stage, MessageId reply) {
        return stage.message(reply).reply().orElseThrow().status();
    }
}
