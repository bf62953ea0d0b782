package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Role;
import dev.parley.domain.project.Project;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.testkit.llm.ScriptedExchange;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a model reads is always a valid conversation that ends with the question. */
final class PromptTest {

    private static List<String> texts(Prompt prompt) {
        return prompt.turns().stream().map(Prompt.Turn::content).toList();
    }

    private static void assertValid(Prompt prompt) {
        List<Role> roles = prompt.turns()
                .stream()
                .map(Prompt.Turn::role)
                .filter(role -> role != Role.SYSTEM)
                .toList();
        for (int i = 0; i < roles.size(); i++) {
            assertThat(roles.get(i)).isEqualTo(i % 2 == 0 ? Role.USER : Role.ASSISTANT);
        }
        assertThat(roles.getLast()).isEqualTo(Role.USER);
    }

    private static MessageId answered(Stage stage, Person person, String question, String answer)
            throws InterruptedException {
        MessageId reply = person.reply(question);
        ScriptedExchange exchange = stage.model.next();
        assertValid(exchange.prompt());
        exchange.say(answer);
        exchange.end();
        stage.awaitEnd(reply);
        return reply;
    }

    @Test
    void several_people_are_told_apart_and_what_they_say_together_is_one_turn() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Person bob = stage.person("bob").inRoom();
            ana.says("We have a question.");
            bob.says("Yes.");
            ana.reply("Why?");
            Prompt prompt = stage.model.next().prompt();
            assertValid(prompt);
            assertThat(texts(prompt)).containsExactly("ana: We have a question.\n\nbob: Yes.\n\nana: Why?");
        }
    }

    @Test
    void what_is_deleted_or_superseded_is_left_out_and_what_was_cut_off_says_so() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            MessageId old = answered(stage, ana, "One?", "Old answer");
            MessageId anew = Stage.done(ana.regenerates(old)).reply().orElseThrow();
            ScriptedExchange exchange = stage.model.next();
            assertThat(texts(exchange.prompt())).containsExactly("One?");
            exchange.say("New answer");
            exchange.end();
            stage.awaitEnd(anew);
            Stage.done(ana.deletes(ana.says("Secret").message().id()));
            MessageId cut = ana.reply("Two?");
            stage.model.next().say("Half");
            Stage.done(ana.stops(cut));
            ana.reply("Three?");
            Prompt prompt = stage.model.next().prompt();
            assertValid(prompt);
            assertThat(texts(prompt))
                    .containsExactly("One?", "New answer", "Two?", "Half\n\n[This answer was cut off.]", "Three?");
        }
    }

    @Test
    void no_more_is_read_than_the_settings_say_and_never_an_answer_first() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> rules.contextMessages = 4)) {
            Person ana = stage.person("ana").inRoom();
            for (int i = 0; i < 4; i++) {
                answered(stage, ana, "Question " + i, "Answer " + i);
            }
            ana.reply("Last?");
            assertThat(texts(stage.model.next().prompt())).containsExactly("Question 3", "Answer 3", "Last?");
        }
    }

    @Test
    void the_project_comes_before_the_conversation() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            ProjectId house = new ProjectId("house");
            stage.projects.put(house, new Project(house, "House", "Three rooms"));
            Person ana = stage.person("ana");
            Stage.done(ana.does(new Command.EnterSession(
                    new SessionId(Person.ROOM), Visibility.SHARED, Optional.of(house))));
            ana.reply("How many?");
            Prompt prompt = stage.model.next().prompt();
            assertThat(prompt.turns().getFirst().role()).isEqualTo(Role.SYSTEM);
            assertThat(texts(prompt)).containsExactly("Project House\n\nThree rooms", "How many?");
        }
    }

    @Test
    void a_question_that_is_deleted_before_its_turn_is_asked_of_nobody() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            ana.asks("First?");
            ScriptedExchange first = stage.model.next();
            var second = ana.asks("Second?");
            Stage.done(ana.deletes(second.message().id()));
            first.end();
            assertThat(stage.awaitEnd(second.reply().orElseThrow()).content()).isEmpty();
            assertThat(stage.model.requests()).isEqualTo(1);
        }
    }
}
