package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.application.event.Event;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.testkit.llm.ScriptedExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class DrainTest {

    @Test
    void draining_tells_everybody_to_come_back_at_different_times_and_lets_replies_finish() throws Exception {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            List<Seat> seats = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                seats.add(ana.sits());
            }
            MessageId reply = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            var drained = CompletableFuture.runAsync(
                    () -> stage.engine.drain(Duration.ofSeconds(30), Duration.ofSeconds(8)), Thread::startVirtualThread);
            List<Duration> later = new ArrayList<>();
            for (Seat seat : seats) {
                Event.Disconnecting end = seat.view.await(Event.Disconnecting.class);
                assertThat(end.cause()).isEqualTo(Event.Cause.DRAIN);
                later.add(end.reconnectIn().orElseThrow());
            }
            assertThat(later).doesNotHaveDuplicates().allMatch(span -> span.compareTo(Duration.ofSeconds(8)) < 0);
            assertThat(stage.engine.accepting()).isFalse();
            assertThat(Stage.refusal(ana.tries("New work", Ask.PLAINLY)).retryAfter()).isPresent();
            assertThat(Stage.code(ana.tries("New work", Ask.PLAINLY))).isEqualTo(ErrorCode.BUSY);
            assertThat(drained.isDone()).isFalse();
            exchange.say("Finished");
            exchange.end();
            drained.get();
            assertThat(seats.getFirst().view.awaitEnd(reply).content()).isEqualTo("Finished");
        }
    }

    @Test
    void a_question_that_is_being_stored_when_draining_begins_is_answered() throws Exception {
        FaultyStores faults = new FaultyStores();
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            CountDownLatch answered = new CountDownLatch(1);
            faults.answersAfter(answered);
            var asked = CompletableFuture.supplyAsync(() -> ana.reply("Hello"), Thread::startVirtualThread);
            Wait.until("it is stored", () -> !stage.store.replies().unfinished().isEmpty());
            var drained = CompletableFuture.runAsync(
                    () -> stage.engine.drain(Duration.ofSeconds(30), Duration.ofSeconds(8)), Thread::startVirtualThread);
            Wait.until("the engine is drained", () -> !stage.engine.accepting());
            assertThat(drained.isDone()).isFalse();
            answered.countDown();
            ScriptedExchange exchange = stage.model.next();
            exchange.say("Finished");
            exchange.end();
            drained.get();
            assertThat(stage.awaitEnd(asked.get()).content()).isEqualTo("Finished");
        }
    }

    @Test
    void a_question_that_the_store_took_without_saying_so_is_answered_before_the_end() throws Exception {
        FaultyStores faults = new FaultyStores();
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            faults.losesAnswers(true);
            assertThat(Stage.code(ana.tries("Hello", Ask.PLAINLY))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            faults.losesAnswers(false);
            MessageId reply = stage.store.replies().unfinished().getFirst().id();
            var drained = CompletableFuture.runAsync(
                    () -> stage.engine.drain(Duration.ofSeconds(30), Duration.ofSeconds(8)), Thread::startVirtualThread);
            ScriptedExchange exchange = stage.model.next();
            exchange.say("Finished");
            exchange.end();
            drained.get();
            assertThat(stage.awaitEnd(reply).content()).isEqualTo("Finished");
        }
    }

    @Test
    void what_does_not_finish_in_time_is_ended_as_interrupted_with_its_text() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            MessageId running = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            MessageId waiting = ana.reply("And?");
            exchange.say("Half");
            stage.engine.drain(Duration.ofMillis(20), Duration.ofSeconds(1));
            assertThat(exchange.ending()).contains(ScriptedExchange.Ending.INTERRUPTED);
            assertThat(stage.message(running).content()).isEqualTo("Half");
            for (MessageId reply : List.of(running, waiting)) {
                assertThat(stage.message(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.INTERRUPTED);
                assertThat(stage.message(reply).reply().orElseThrow().error()).contains(ErrorCode.INTERRUPTED);
            }
        }
    }

    @Test
    void closing_twice_is_harmless_and_afterwards_nothing_is_done_and_nothing_waits() throws InterruptedException {
        Stage stage = Stage.open();
        try (stage) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId reply = ana.reply("Hello");
            stage.model.next();
            stage.engine.close();
            stage.engine.close();
            assertThat(stage.message(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.INTERRUPTED);
            assertThat(Stage.code(ana.tries("Hello", Ask.PLAINLY))).isEqualTo(ErrorCode.BUSY);
            assertThat(stage.live.presence().in(stage.session(Person.ROOM).id())).isEmpty();
            assertThat(stage.live.connections().countOf(ana.user())).isZero();
            seat.close();
        }
        stage.pass(Duration.ofHours(3));
        assertThat(stage.time.waiting()).isZero();
    }
}
