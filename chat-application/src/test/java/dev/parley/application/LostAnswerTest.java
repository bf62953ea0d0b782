package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Overlap;
import dev.parley.application.command.Sent;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.reply.Reply;
import dev.parley.testkit.llm.ScriptedExchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a store took without being able to say so is not lost: a reply that was asked for so begins once it is found there. */
final class LostAnswerTest {

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Longer than it takes until a reply that nobody runs is ended. */
    private static final Duration LONG = Duration.ofSeconds(10);

    private final FaultyStores faults = new FaultyStores();

    @Test
    void whoever_puts_the_question_again_sees_its_reply_run() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            Command.SendMessage question = named("Hello", Ask.PLAINLY);
            loses(() -> ana.sends(question));
            Sent again = Stage.done(ana.sends(question));
            assertThat(again.duplicate()).isTrue();
            stage.pass(LOOK);
            ScriptedExchange exchange = stage.model.next();
            exchange.say("Here ");
            seat.view.awaitText(again.reply().orElseThrow(), "Here ");
            stage.pass(LONG);
            exchange.say("I am");
            exchange.end();
            Message end = seat.view.awaitEnd(again.reply().orElseThrow());
            assertThat(end.content()).isEqualTo("Here I am");
            assertThat(end.reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
            assertThat(stage.model.requests()).isEqualTo(1);
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @Test
    void it_begins_as_it_was_asked_for_although_nobody_asks_again() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            ana.says("Before");
            loses(() -> ana.tries("Hello", new Ask(
                    Optional.empty(), Optional.of("mistral:7b"), Optional.empty(), Optional.of("Rhyme"), ModelOptions.DEFAULT)));
            MessageId reply = answer(stage);
            stage.pass(LOOK);
            ScriptedExchange exchange = stage.model.next();
            assertThat(exchange.prompt().model()).isEqualTo("mistral:7b");
            assertThat(exchange.prompt().turns().getFirst().content()).isEqualTo("Rhyme");
            assertThat(exchange.prompt().turns().getLast().content()).isEqualTo("Before\n\nHello");
            exchange.say("Done");
            exchange.end();
            assertThat(seat.view.awaitEnd(reply).content()).isEqualTo("Done");
        }
    }

    @Test
    void it_begins_when_the_store_stays_away_for_a_while_after_it() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            loses(() -> ana.tries("Hello", Ask.PLAINLY));
            MessageId reply = answer(stage);
            faults.away(true);
            stage.pass(LONG);
            faults.away(false);
            stage.pass(LOOK);
            stage.model.next().end();
            assertThat(stage.awaitEnd(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
        }
    }

    @Test
    void it_waits_for_a_place_where_all_are_taken() throws InterruptedException {
        try (Stage stage = Stage.open(
                rules -> {
                    rules.concurrentReplies = 1;
                    rules.queueLimit = 1;
                },
                faults::in)) {
            Person ana = stage.person("ana").inRoom();
            loses(() -> ana.tries("First", Ask.PLAINLY));
            MessageId lost = answer(stage);
            MessageId runs = ana.reply("Second");
            MessageId waits = ana.reply("Third");
            ScriptedExchange exchange = stage.model.next();
            stage.pass(LONG);
            assertThat(stage.message(lost).running()).as("while others have all places").isTrue();
            exchange.end();
            stage.model.next().end();
            stage.awaitEnd(runs);
            stage.awaitEnd(waits);
            stage.pass(LOOK);
            stage.model.next().end();
            assertThat(stage.awaitEnd(lost).reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
        }
    }

    @Test
    void what_somebody_stops_while_it_waits_for_a_place_ends() throws InterruptedException {
        try (Stage stage = Stage.open(
                rules -> {
                    rules.concurrentReplies = 1;
                    rules.queueLimit = 1;
                },
                faults::in)) {
            Person ana = stage.person("ana").inRoom();
            loses(() -> ana.tries("First", Ask.PLAINLY));
            MessageId lost = answer(stage);
            ana.reply("Second");
            ana.reply("Third");
            stage.store.replies().requestStop(lost, ana.user());
            stage.pass(LONG);
            assertThat(stage.awaitEnd(lost).reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
        }
    }

    @Test
    void it_stops_what_it_was_to_interrupt_and_nothing_that_came_later() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            MessageId earlier = ana.reply("First");
            stage.model.next();
            loses(() -> ana.tries("Second", Person.overlapping(Overlap.INTERRUPT)));
            MessageId interrupting = stage.store.replies().unfinished().getLast().id();
            MessageId later = ana.asks("Third", Overlap.PARALLEL).reply().orElseThrow();
            ScriptedExchange third = stage.model.next();
            stage.pass(LOOK);
            assertThat(stage.awaitEnd(earlier).reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
            stage.model.next().end();
            assertThat(stage.awaitEnd(interrupting).reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
            third.end();
            assertThat(stage.awaitEnd(later).reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
        }
    }

    @Test
    void what_somebody_stopped_meanwhile_does_not_begin() {
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            loses(() -> ana.tries("Hello", Ask.PLAINLY));
            MessageId reply = answer(stage);
            stage.store.replies().requestStop(reply, ana.user());
            stage.pass(LOOK);
            assertThat(stage.awaitEnd(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
        }
    }

    @Test
    void regenerating_and_editing_begin_late_as_well() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            Sent sent = ana.asks("Hello");
            stage.model.next().end();
            stage.awaitEnd(sent.reply().orElseThrow());
            for (Consumer<MessageId> asking : List.<Consumer<MessageId>>of(
                    message -> loses(() -> ana.regenerates(message)),
                    message -> loses(() -> ana.does(
                            new Command.EditMessage(Optional.empty(), message, "Hello again", Optional.of(Ask.PLAINLY)))))) {
                asking.accept(sent.message().id());
                MessageId reply = answer(stage);
                stage.pass(LOOK);
                stage.model.next().end();
                assertThat(stage.awaitEnd(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
            }
        }
    }

    @Test
    void a_step_that_a_store_takes_very_long_to_confirm_is_nobody_s_to_end() throws Exception {
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            CountDownLatch answered = new CountDownLatch(1);
            faults.answersAfter(answered);
            Thread asking = Thread.ofVirtual().start(() -> ana.asks("Hello"));
            Wait.until("it is stored", () -> !stage.store.replies().unfinished().isEmpty());
            MessageId reply = answer(stage);
            stage.pass(LONG);
            assertThat(stage.message(reply).running()).isTrue();
            answered.countDown();
            asking.join();
            stage.model.next().end();
            assertThat(stage.awaitEnd(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
        }
    }

    @Test
    void what_arrives_at_the_store_a_while_later_begins_then() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            faults.takesLater(true);
            assertThat(Stage.code(ana.tries("Hello", Ask.PLAINLY))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            stage.pass(Duration.ofSeconds(15));
            faults.takeLate();
            MessageId reply = answer(stage);
            stage.pass(LOOK);
            stage.model.next().end();
            assertThat(stage.awaitEnd(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
        }
    }

    @Test
    void what_arrives_when_nobody_looks_for_it_any_more_runs_not_for_ever() {
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            faults.takesLater(true);
            assertThat(Stage.code(ana.tries("Hello", Ask.PLAINLY))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            stage.pass(Duration.ofSeconds(60));
            faults.takeLate();
            MessageId reply = answer(stage);
            stage.pass(LONG);
            assertThat(stage.message(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.INTERRUPTED);
        }
    }

    /** The store takes what is done, and nobody is told. */
    private void loses(Supplier<Outcome<?>> command) {
        faults.losesAnswers(true);
        assertThat(Stage.code(command.get())).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        faults.losesAnswers(false);
    }

    private static Command.SendMessage named(String content, Ask ask) {
        return Person.message(Person.ROOM, content, Optional.of("c-1"), Optional.of(ask));
    }

    private static MessageId answer(Stage stage) {
        List<Reply> unfinished = stage.store.replies().unfinished();
        assertThat(unfinished).hasSize(1);
        return unfinished.getFirst().id();
    }
}
