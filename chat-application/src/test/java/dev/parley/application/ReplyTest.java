package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.application.event.Event;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.LlmException;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.llm.Agent;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.SessionId;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedExchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReplyTest {

    @Test
    void a_reply_is_told_while_it_grows_and_stored_before_its_end_is_told() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId reply = ana.reply("How are you?");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("Very");
            seat.view.awaitText(reply, "Very");
            exchange.say(" well");
            seat.view.awaitText(reply, "Very well");
            exchange.end();
            Message told = seat.view.awaitEnd(reply);
            assertThat(told).isEqualTo(stage.message(reply));
            assertThat(told.content()).isEqualTo("Very well");
            ReplyFacts facts = told.reply().orElseThrow();
            assertThat(facts.status()).isEqualTo(ReplyStatus.COMPLETED);
            assertThat(facts.model()).isEqualTo("llama:latest");
            assertThat(facts.tokens()).contains(5);
            assertThat(facts.error()).isEmpty();
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(LlmException.Kind.class)
    void a_model_that_fails_before_its_first_text_gives_its_code(LlmException.Kind kind) {
        try (Stage stage = Stage.open()) {
            stage.model.script(ModelStep.fail(kind));
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId reply = ana.reply("Hello");
            Message end = seat.view.awaitEnd(reply);
            assertThat(end.reply().orElseThrow().status()).isEqualTo(ReplyStatus.FAILED);
            assertThat(end.reply().orElseThrow().error())
                    .contains(new LlmException(kind, "expected").code());
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @Test
    void a_model_that_fails_midway_keeps_what_it_said() {
        try (Stage stage = Stage.open()) {
            stage.model.script(ModelStep.say("Once upon"), ModelStep.cut());
            Person ana = stage.person("ana").inRoom();
            Message end = ana.sits().view.awaitEnd(ana.reply("A story"));
            assertThat(end.content()).isEqualTo("Once upon");
            assertThat(end.reply().orElseThrow().error()).contains(ErrorCode.MODEL_FAILED);
        }
    }

    @Test
    void a_model_that_is_away_fails_the_reply_and_not_the_message() {
        try (Stage stage = Stage.open()) {
            stage.model.away(true);
            Person ana = stage.person("ana").inRoom();
            Message end = stage.awaitEnd(ana.reply("Hello"));
            assertThat(end.reply().orElseThrow().error()).contains(ErrorCode.MODEL_UNAVAILABLE);
        }
    }

    @Test
    void an_answer_without_a_word_is_complete_and_begins_before_it_ends() {
        try (Stage stage = Stage.open()) {
            stage.model.script(ModelStep.end());
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId reply = ana.reply("Say nothing");
            assertThat(seat.view.awaitEnd(reply).content()).isEmpty();
            assertThat(seat.view.all(Event.ReplyBegan.class)).hasSize(1);
            assertThat(seat.view.all(Event.ReplyGrew.class)).isEmpty();
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @Test
    void what_a_model_thinks_is_no_part_of_its_answer() {
        try (Stage stage = Stage.open()) {
            stage.model.script(ModelStep.think("Hmm"), ModelStep.say("Yes"), ModelStep.think("Done"), ModelStep.end());
            Person ana = stage.person("ana").inRoom();
            assertThat(stage.awaitEnd(ana.reply("Yes?")).content()).isEqualTo("Yes");
        }
    }

    @Test
    void a_reply_that_does_not_end_by_itself_fails_at_the_longest_length() {
        try (Stage stage = Stage.open(rules -> rules.maxReplyLength = 10)) {
            stage.model.script(ModelStep.say("12345678"), ModelStep.say("90123"), ModelStep.stall());
            Person ana = stage.person("ana").inRoom();
            Message end = stage.awaitEnd(ana.reply("Count"));
            assertThat(end.reply().orElseThrow().status()).isEqualTo(ReplyStatus.FAILED);
            assertThat(end.content()).isEqualTo("1234567890123");
        }
    }

    @Test
    void the_agent_types_until_its_first_text_however_long_that_takes() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            ana.reply("Think long");
            ScriptedExchange exchange = stage.model.next();
            seat.view.await(Event.TypingChanged.class, typing -> typing.agent() && typing.active());
            for (int second = 0; second < 60; second++) {
                stage.pass(Duration.ofSeconds(1));
                heardOnTheBus(stage, seat);
            }
            assertThat(seat.view.all(Event.TypingChanged.class)).hasSize(1);
            exchange.say("Hm");
            seat.view.await(Event.TypingChanged.class, typing -> typing.agent() && !typing.active());
            exchange.end();
        }
    }

    /** Everything that was published before has been heard: a hint of our own went through after it. */
    private static void heardOnTheBus(Stage stage, Seat seat) {
        SessionId room = new SessionId(Person.ROOM);
        int before = seat.view.all(Event.PresenceChanged.class).size();
        stage.live
                .bus()
                .publish(
                        new Topic.OfSession(room),
                        new Hint.PresenceChanged(room, seat.person.user(), "tick", true));
        Wait.until("the hint was heard", () -> seat.view.all(Event.PresenceChanged.class).size() > before);
    }

    @Test
    void a_model_that_is_named_is_asked_and_one_that_is_not_there_is_stood_in_for() {
        try (Stage stage = Stage.open()) {
            stage.model.answerAll("Yes");
            Person ana = stage.person("ana").inRoom();
            ReplyFacts named = facts(stage, ana, model("mistral:7b"));
            assertThat(named.model()).isEqualTo("mistral:7b");
            assertThat(named.fallback()).isFalse();
            ReplyFacts away = facts(stage, ana, model("gpt-4"));
            assertThat(away.model()).isEqualTo("llama:latest");
            assertThat(away.fallback()).isTrue();
            assertThat(facts(stage, ana, model("llama")).fallback()).isFalse();
        }
    }

    @Test
    void a_model_that_is_not_there_is_refused_where_none_may_stand_in() {
        try (Stage stage = Stage.open(rules -> rules.modelFallback = false)) {
            Person ana = stage.person("ana").inRoom();
            ReplyFacts facts = facts(stage, ana, model("gpt-4"));
            assertThat(facts.status()).isEqualTo(ReplyStatus.FAILED);
            assertThat(facts.error()).contains(ErrorCode.MODEL_NOT_FOUND);
        }
    }

    @Test
    void the_settings_say_who_is_asked_when_nobody_else_does() {
        try (Stage stage = Stage.open(rules -> rules.defaultModel = Optional.of("mistral:7b"))) {
            stage.model.answerAll("Yes");
            Person ana = stage.person("ana").inRoom();
            assertThat(facts(stage, ana, Ask.PLAINLY).model()).isEqualTo("mistral:7b");
        }
    }

    @Test
    void an_agent_that_is_named_answers_in_its_own_name_through_its_own_model() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> {}, agent("tax", "mistral:7b", "You know taxes."))) {
            Person ana = stage.person("ana").inRoom();
            MessageId reply = Stage.done(ana.tries("How much?", agent("tax"))).reply().orElseThrow();
            ScriptedExchange exchange = stage.model.next();
            assertThat(exchange.prompt().model()).isEqualTo("mistral:7b");
            assertThat(exchange.prompt().turns().getFirst().content()).isEqualTo("You know taxes.");
            exchange.say("Much");
            exchange.end();
            assertThat(stage.awaitEnd(reply).author()).isEqualTo(new Author.Agent("tax", "Agent tax"));
        }
    }

    @Test
    void an_agent_that_nobody_knows_is_refused_and_nothing_is_stored() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            long before = stage.session(Person.ROOM).position();
            assertThat(Stage.code(ana.tries("Hello", agent("nobody")))).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(stage.session(Person.ROOM).position()).isEqualTo(before);
        }
    }

    @Test
    void keywords_choose_the_agent_where_a_router_looks_for_them() {
        Agent tax = agent("tax", "mistral:7b", "You know taxes.");
        try (Stage stage = Stage.open(rules -> rules.router = EngineSettings.Router.KEYWORDS, tax)) {
            stage.model.answerAll("Yes");
            Person ana = stage.person("ana").inRoom();
            assertThat(stage.awaitEnd(ana.reply("About my TAX bill")).author().name()).isEqualTo("Agent tax");
            assertThat(stage.awaitEnd(ana.reply("About the weather")).author().name()).isEqualTo("Assistant");
        }
    }

    @Test
    void a_model_chooses_the_agent_where_it_is_asked_and_the_default_answers_when_it_cannot_say() {
        Agent tax = agent("tax", "mistral:7b", "You know taxes.");
        try (Stage stage = Stage.open(rules -> rules.router = EngineSettings.Router.MODEL, tax)) {
            Person ana = stage.person("ana").inRoom();
            stage.model.answer(" tax\n").answer("Much");
            assertThat(stage.awaitEnd(ana.reply("How much?")).author().name()).isEqualTo("Agent tax");
            stage.model.answer("I would say somebody else").answer("Well");
            assertThat(stage.awaitEnd(ana.reply("How?")).author().name()).isEqualTo("Assistant");
            stage.model.script(ModelStep.cut()).answer("Still");
            assertThat(stage.awaitEnd(ana.reply("And?")).content()).isEqualTo("Still");
        }
    }

    @Test
    void a_new_answer_takes_the_place_of_the_earlier_ones_and_names_them() {
        try (Stage stage = Stage.open()) {
            stage.model.answer("One").answer("Two").answer("Three");
            Person ana = stage.person("ana").inRoom();
            MessageId first = ana.reply("A number?");
            stage.awaitEnd(first);
            MessageId second = Stage.done(ana.regenerates(first)).reply().orElseThrow();
            stage.awaitEnd(second);
            MessageId question = stage.message(first).reply().orElseThrow().question();
            MessageId third = Stage.done(ana.regenerates(question)).reply().orElseThrow();
            ReplyFacts facts = stage.awaitEnd(third).reply().orElseThrow();
            assertThat(facts.versions()).containsExactly(first, second);
            assertThat(facts.question()).isEqualTo(question);
            assertThat(stage.message(first).reply().orElseThrow().supersededBy()).isPresent();
            assertThat(stage.message(second).reply().orElseThrow().supersededBy()).contains(third);
            assertThat(stage.message(first).content()).isEqualTo("One");
        }
    }

    @Test
    void only_the_latest_question_is_edited_and_asked_anew() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            stage.model.answer("One").answer("Two");
            Person ana = stage.person("ana").inRoom();
            MessageId older = ana.asks("First?").message().id();
            MessageId latest = ana.asks("Secnd?").message().id();
            Wait.until("both are answered", () -> stage.model.requests() == 2);
            assertThat(Stage.code(ana.editsAndAsks(older, "Changed?"))).isEqualTo(ErrorCode.CONFLICT);
            assertThat(stage.message(older).content()).isEqualTo("First?");
            Person bob = stage.person("bob").inRoom();
            assertThat(Stage.code(bob.editsAndAsks(latest, "Mine?"))).isEqualTo(ErrorCode.FORBIDDEN);
            stage.model.next();
            stage.model.next();
            MessageId anew = Stage.done(ana.editsAndAsks(latest, "Second?")).reply().orElseThrow();
            ScriptedExchange exchange = stage.model.next();
            assertThat(exchange.prompt().turns().getLast().content()).isEqualTo("Second?");
            exchange.end();
            assertThat(stage.awaitEnd(anew).reply().orElseThrow().versions()).hasSize(1);
            assertThat(stage.store.messages().versions(latest).getFirst().content()).isEqualTo("Secnd?");
        }
    }

    private static ReplyFacts facts(Stage stage, Person person, Ask ask) {
        return stage.awaitEnd(Stage.done(person.tries("Hello", ask)).reply().orElseThrow())
                .reply()
                .orElseThrow();
    }

    private static Ask model(String name) {
        return new Ask(
                Optional.empty(), Optional.of(name), Optional.empty(), Optional.empty(), ModelOptions.DEFAULT);
    }

    private static Ask agent(String id) {
        return new Ask(Optional.of(id), Optional.empty(), Optional.empty(), Optional.empty(), ModelOptions.DEFAULT);
    }

    private static Agent agent(String id, String model, String systemPrompt) {
        return new Agent(id, "Agent " + id, Optional.of(model), systemPrompt, ModelOptions.DEFAULT, List.of("tax"));
    }
}
