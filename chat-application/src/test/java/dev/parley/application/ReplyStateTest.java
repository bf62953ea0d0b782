package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.ReplyState;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedExchange;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReplyStateTest {

    @Test
    void a_reply_that_is_over_tells_what_the_model_counted_and_how_long_it_took() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Instant asked = stage.time.instant();
            MessageId reply = ana.reply("How are you?");
            ScriptedExchange exchange = stage.model.next();
            stage.pass(Duration.ofSeconds(1));
            exchange.say("Olé, ");
            stage.pass(Duration.ofSeconds(2));
            exchange.say("olá");
            exchange.end();
            stage.awaitEnd(reply);

            ReplyState state = state(ana, reply);

            assertThat(state.message().content()).isEqualTo("Olé, olá");
            assertThat(state.waiting()).isFalse();
            assertThat(state.progress()).isEqualTo(1);
            assertThat(state.length()).isEqualTo(8);
            assertThat(state.bytes()).isEqualTo(10);
            assertThat(state.tokens()).isEqualTo(5);
            assertThat(state.startedAt()).isEqualTo(asked);
            assertThat(state.endedAt()).contains(asked.plusSeconds(3));
            assertThat(state.firstText()).contains(Duration.ofSeconds(1));
            assertThat(state.took()).isEqualTo(Duration.ofSeconds(3));
            assertThat(state.tokensPerSecond()).isCloseTo(2.5, within(1e-9));
            assertThat(state.bytesPerSecond()).isCloseTo(5, within(1e-9));
        }
    }

    @Test
    void the_end_is_when_it_was_stored_and_not_when_it_was_asked_for() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> rules.concurrentReplies = 1)) {
            Person ana = stage.person("ana").inRoom();
            ana.reply("First");
            ScriptedExchange first = stage.model.next();
            MessageId second = ana.reply("Second");
            stage.pass(Duration.ofSeconds(10));
            assertThat(state(ana, second).waiting()).isTrue();
            first.end();
            ScriptedExchange exchange = stage.model.next();
            assertThat(state(ana, second).startedAt()).isEqualTo(stage.time.instant());
            stage.pass(Duration.ofSeconds(1));
            exchange.say("Yes");
            exchange.end();
            stage.awaitEnd(second);
            assertThat(state(ana, second).endedAt()).contains(stage.time.instant());
            assertThat(state(ana, second).startedAt()).isEqualTo(stage.time.instant().minusSeconds(1));
        }
    }

    @Test
    void a_reply_that_runs_tells_how_far_it_is_on_every_node() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Person there = stage.person(stage.another(), "ana");
            Seat seat = ana.sits();
            Ask brief = new Ask(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    new ModelOptions(Optional.empty(), Optional.of(10), Optional.empty(), Map.of()));
            MessageId reply = Stage.done(ana.tries("A story", brief)).reply().orElseThrow();
            ScriptedExchange exchange = stage.model.next();
            exchange.say("Once upon a time, far");
            seat.view.awaitText(reply, "Once upon a time, far");
            stage.pass(Duration.ofSeconds(2));

            ReplyState here = state(ana, reply);
            assertThat(here.message().reply().orElseThrow().status()).isEqualTo(ReplyStatus.RUNNING);
            assertThat(here.waiting()).isFalse();
            assertThat(here.length()).isEqualTo(21);
            assertThat(here.tokens()).isEqualTo(6);
            assertThat(here.progress()).isCloseTo(0.6, within(1e-9));
            assertThat(here.endedAt()).isEmpty();
            assertThat(here.tokensPerSecond()).isCloseTo(3, within(1e-9));

            ReplyState elsewhere = state(there, reply);
            assertThat(elsewhere.waiting()).isFalse();
            assertThat(elsewhere.length()).isEqualTo(21);
            assertThat(elsewhere.tokensPerSecond()).isPositive();
            assertThat(elsewhere.progress()).isZero();
            exchange.end();
        }
    }

    @Test
    void what_was_stopped_before_its_first_word_was_written_in_no_time() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            stage.model.script(ModelStep.stall());
            MessageId reply = ana.reply("Hm?");
            stage.model.next();
            Stage.done(ana.stops(reply));
            ReplyState state = state(ana, reply);
            assertThat(state.message().reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
            assertThat(state.tokens()).isZero();
            assertThat(state.tokensPerSecond()).isZero();
            assertThat(state.endedAt()).isPresent();
        }
    }

    @Test
    void the_end_of_a_reply_whose_changes_are_forgotten_is_about_right() {
        try (Stage stage = Stage.open(rules -> rules.changeRetention = Optional.of(Duration.ofSeconds(30)))) {
            Person ana = stage.person("ana").inRoom();
            stage.model.answerAll("Yes");
            MessageId reply = ana.reply("Well?");
            Instant end = stage.time.instant();
            stage.awaitEnd(reply);
            stage.pass(Duration.ofMinutes(5));
            ana.says("Later");
            stage.pass(Duration.ofMinutes(5));
            assertThat(state(ana, reply).endedAt()).contains(end);
        }
    }

    @Test
    void only_replies_have_a_state() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            MessageId said = ana.says("Hello").message().id();
            assertThat(Stage.code(ana.does(new Command.GetReply(said)))).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(Stage.code(ana.does(new Command.GetReply(new MessageId("nothing"))))).isEqualTo(ErrorCode.NOT_FOUND);
        }
    }

    private static ReplyState state(Person who, MessageId reply) {
        return Stage.done(who.does(new Command.GetReply(reply)));
    }
}
