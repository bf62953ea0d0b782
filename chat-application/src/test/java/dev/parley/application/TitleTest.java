package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.command.SettingsPatch;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedExchange;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What sessions are called: by their first words, or by a model where somebody wants that. */
final class TitleTest {

    @Test
    void the_first_words_name_a_session_and_one_message_causes_one_request() {
        try (Stage stage = Stage.open()) {
            stage.model.answer("Because it scatters.");
            Person ana = stage.person("ana").inRoom();
            stage.awaitEnd(ana.reply("Why is the sky blue?"));
            assertThat(stage.session(Person.ROOM).title()).isEqualTo("Why is the sky blue?");
            assertThat(stage.model.requests()).isEqualTo(1);
        }
    }

    @Test
    void a_model_names_it_after_the_first_reply_and_everybody_is_told() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> rules.autoTitle = true)) {
            stage.model.answer("Because it scatters.");
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            stage.awaitEnd(ana.reply("Why is the sky blue?"));
            stage.model.next();
            ScriptedExchange asked = stage.model.next();
            Prompt prompt = asked.prompt();
            assertThat(prompt.turns()).extracting(Prompt.Turn::role).containsExactly(Role.SYSTEM, Role.USER);
            assertThat(prompt.turns().getLast().content())
                    .isEqualTo("User: Why is the sky blue?\n\nAssistant: Because it scatters.");
            asked.say("Blue sky");
            asked.end();
            Wait.until("everybody is told", () -> titles(seat).contains("Blue sky"));
            assertThat(stage.session(Person.ROOM).title()).isEqualTo("Blue sky");
            assertThat(seat.view.faults()).isEmpty();

            stage.model.answer("And it is red.");
            stage.awaitEnd(ana.reply("And in the evening?"));
            stage.model.next();
            stage.model.answer("Yes.");
            stage.awaitEnd(ana.reply("Every evening?"));
            assertThat(stage.model.requests()).as("two more replies, no more titles").isEqualTo(4);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"Blue sky\" | Blue sky",
        "**Title: Blue sky** | Blue sky",
        "# Título: «Céu azul». | Céu azul",
        "'\n\n Blue   sky\nbecause of Rayleigh' | Blue sky",
        "Blue\u0000 sky\u001b | Blue sky",
        "Who was it? | Who was it?"
    })
    void what_models_put_around_a_title_is_taken_off(String said, String title) {
        try (Stage stage = Stage.open(rules -> rules.autoTitle = true)) {
            stage.model.answer("Because.").answer(said);
            stage.person("ana").inRoom().reply("Why is the sky blue?");
            Wait.until("it is named", () -> stage.session(Person.ROOM).title().equals(title));
        }
    }

    @Test
    void a_title_is_never_longer_than_a_line() {
        try (Stage stage = Stage.open(rules -> rules.autoTitle = true)) {
            stage.model.answer("Because.").answer("word ".repeat(300));
            stage.person("ana").inRoom().reply("Why?");
            Wait.until("it is named", () -> stage.session(Person.ROOM).title().startsWith("word"));
            assertThat(stage.session(Person.ROOM).title()).hasSizeLessThanOrEqualTo(61);
        }
    }

    @Test
    void what_somebody_named_themselves_is_left_alone() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> rules.autoTitle = true)) {
            stage.model.answer("Because.");
            Person ana = stage.person("ana").inRoom();
            ana.reply("Why?");
            stage.model.next();
            ScriptedExchange asked = stage.model.next();
            Stage.done(ana.does(new Command.UpdateSession(
                    new SessionId(Person.ROOM), Optional.of("Mine"), Optional.empty(), SettingsPatch.NONE)));
            asked.say("Not yours");
            asked.end();
            asked.awaitEnding();
            stage.model.answer("Still.");
            stage.awaitEnd(ana.reply("And now?"));
            assertThat(stage.session(Person.ROOM).title()).isEqualTo("Mine");
        }
    }

    @Test
    void a_model_that_fails_or_says_nothing_leaves_the_first_words() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> rules.autoTitle = true)) {
            stage.model.answer("Because.").script(ModelStep.fail(LlmException.Kind.FAILED));
            Person ana = stage.person("ana").inRoom();
            MessageId reply = ana.reply("Why?");
            stage.model.next();
            stage.model.next().awaitEnding();
            assertThat(stage.awaitEnd(reply).content()).isEqualTo("Because.");
            assertThat(stage.session(Person.ROOM).title()).isEqualTo("Why?");

            Stage.done(ana.enters("other", Visibility.SHARED));
            stage.model.answer("Because.").answer(" \n **\n");
            Stage.done(ana.sends(Person.message(
                    "other", "Why?", Optional.empty(), Optional.of(dev.parley.application.command.Ask.PLAINLY))));
            stage.model.next();
            stage.model.next().awaitEnding();
            assertThat(stage.session("other").title()).isEqualTo("Why?");
        }
    }

    @Test
    void nobody_waits_for_a_title() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> rules.autoTitle = true)) {
            stage.model.answer("Because.").script(ModelStep.stall()).answer("Really.");
            Person ana = stage.person("ana").inRoom();
            ana.reply("Why?");
            stage.model.next();
            ScriptedExchange title = stage.model.next();
            assertThat(stage.awaitEnd(ana.reply("Really?")).content()).isEqualTo("Really.");
            CompletableFuture.runAsync(stage.engine::close).join();
            assertThat(title.awaitEnding()).isEqualTo(ScriptedExchange.Ending.INTERRUPTED);
        }
    }

    private static List<String> titles(Seat seat) {
        return seat.view.all(dev.parley.application.event.Event.Happened.class)
                .stream()
                .map(happened -> happened.change().body())
                .filter(Change.SessionChanged.class::isInstance)
                .map(body -> ((Change.SessionChanged) body).session().title())
                .toList();
    }
}
