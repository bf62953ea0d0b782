package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.SettingsPatch;
import dev.parley.domain.content.Filtering;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.TicketId;
import dev.parley.domain.session.Visibility;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedExchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class FilteringTest {

    private static Stage set(Filtering filtering, boolean replies) {
        return Stage.open(rules -> rules.content = new ContentSettings(Optional.of(filtering), replies));
    }

    private static Stage replies() {
        return Stage.open(rules -> rules.content = new ContentSettings(Optional.empty(), true));
    }

    /** Who comes by a protocol that masks. */
    private static Person masking(Person who) {
        return by(who, Filtering.MASK);
    }

    private static Person rejecting(Person who) {
        return by(who, Filtering.REJECT);
    }

    private static Person by(Person who, Filtering filtering) {
        Caller caller = who.caller();
        return new Person(
                who.stage(),
                who.engine(),
                new Caller(caller.principal(), caller.client(), caller.protocol(), filtering));
    }

    @Nested
    class People {

        @Test
        void the_protocol_says_what_becomes_of_words_where_the_settings_do_not() {
            try (Stage stage = Stage.open()) {
                Person ana = stage.person("ana").inRoom();
                assertThat(ana.says("Oh shit").message().content()).isEqualTo("Oh shit");
                assertThat(masking(ana).says("Oh shit").message().content()).isEqualTo("Oh ****");
            }
        }

        @Test
        void the_settings_go_before_the_protocol() {
            try (Stage stage = set(Filtering.OFF, false)) {
                Person ana = masking(stage.person("ana").inRoom());
                assertThat(ana.says("Oh shit").message().content()).isEqualTo("Oh shit");
            }
            try (Stage stage = set(Filtering.REJECT, false)) {
                Person ana = masking(stage.person("ana").inRoom());
                assertThat(Stage.code(ana.does(Person.message("room", "Oh shit", Optional.empty(), Optional.empty()))))
                        .isEqualTo(ErrorCode.CONTENT_REJECTED);
            }
        }

        @Test
        void what_is_masked_is_nowhere_as_it_was() throws InterruptedException {
            try (Stage stage = set(Filtering.MASK, false)) {
                Person ana = stage.person("ana").inRoom();
                Seat seat = ana.sits();
                MessageId reply = ana.reply("What is bullshit?");
                ScriptedExchange exchange = stage.model.next();
                assertThat(exchange.prompt().turns().getLast().content()).isEqualTo("What is ********?");
                exchange.end();
                Message question = stage.message(stage.message(reply).reply().orElseThrow().question());
                assertThat(question.content()).isEqualTo("What is ********?");
                assertThat(stage.session("room").title()).isEqualTo("What is ********?");
                seat.view.awaitEnd(reply);
                assertThat(stage.changes(new SessionId("room")).toString()).doesNotContain("bullshit");
            }
        }

        @Test
        void edits_are_filtered_and_what_was_refused_changed_nothing() {
            try (Stage stage = set(Filtering.MASK, false)) {
                Person ana = stage.person("ana").inRoom();
                MessageId said = ana.says("Well").message().id();
                assertThat(Stage.done(ana.edits(said, "Well, shit")).message().content()).isEqualTo("Well, ****");
            }
            try (Stage stage = set(Filtering.REJECT, false)) {
                Person ana = stage.person("ana").inRoom();
                MessageId said = ana.says("Well").message().id();
                long before = stage.session("room").position();
                Outcome.Refusal refusal = Stage.refusal(ana.edits(said, "Well, shit"));
                assertThat(refusal.code()).isEqualTo(ErrorCode.CONTENT_REJECTED);
                assertThat(refusal.detail()).doesNotContain("shit");
                assertThat(stage.message(said).content()).isEqualTo("Well");
                assertThat(stage.session("room").position()).isEqualTo(before);
            }
        }

        @Test
        void titles_are_filtered_however_they_are_given() {
            try (Stage stage = set(Filtering.MASK, false)) {
                Person ana = stage.person("ana").inRoom();
                assertThat(Stage.done(ana.does(update("Shitty room"))).title()).isEqualTo("****** room");
                assertThat(Stage.done(ana.does(create("Shit"))).title()).isEqualTo("****");
                assertThat(Stage.done(ana.does(new Command.EnterSession(
                        new SessionId("new"), Visibility.SHARED, Optional.empty(), Optional.of("Bullshit"))))
                        .session()
                        .title()).isEqualTo("********");
                assertThat(Stage.done(ana.does(new Command.ForkSession(
                        new SessionId("room"), Optional.empty(), Optional.empty(), Optional.of("A shit fork"))))
                        .title()).isEqualTo("A **** fork");
            }
            try (Stage stage = set(Filtering.REJECT, false)) {
                Person ana = stage.person("ana").inRoom();
                assertThat(Stage.code(ana.does(update("Shitty room")))).isEqualTo(ErrorCode.CONTENT_REJECTED);
                assertThat(Stage.code(ana.does(create("Shit")))).isEqualTo(ErrorCode.CONTENT_REJECTED);
                assertThat(stage.session("room").title()).isEmpty();
            }
        }

        private Command.UpdateSession update(String title) {
            return new Command.UpdateSession(
                    new SessionId("room"), Optional.of(title), Optional.empty(), SettingsPatch.NONE);
        }

        private Command.CreateSession create(String title) {
            return new Command.CreateSession(
                    Optional.empty(),
                    Optional.of(title),
                    Visibility.PRIVATE,
                    List.of(),
                    Optional.empty(),
                    SettingsPatch.NONE);
        }

        @Test
        void a_reaction_cannot_be_masked_so_it_is_refused() {
            try (Stage stage = Stage.open()) {
                Person ana = stage.person("ana").inRoom();
                MessageId said = ana.says("Well").message().id();
                assertThat(Stage.done(ana.reacts(said, "shit")).message().reactions()).containsKey("shit");
                assertThat(Stage.code(masking(ana).reacts(said, "bullshit"))).isEqualTo(ErrorCode.CONTENT_REJECTED);
                assertThat(Stage.done(masking(ana).reacts(said, "👍")).message().reactions()).containsKey("👍");
            }
        }

        @Test
        void what_was_said_before_the_filter_came_can_be_taken_back_and_copied() {
            try (Stage stage = Stage.open()) {
                Person ana = stage.person("ana").inRoom();
                MessageId said = ana.says("Bullshit").message().id();
                Stage.done(ana.reacts(said, "shit"));
                Person later = rejecting(ana);
                Session fork = Stage.done(later.does(new Command.ForkSession(
                        new SessionId("room"), Optional.empty(), Optional.empty(), Optional.empty())));
                assertThat(fork.title()).isEqualTo("Bullshit");
                assertThat(Stage.code(later.reacts(said, "sh1t"))).isEqualTo(ErrorCode.CONTENT_REJECTED);
                assertThat(Stage.done(later.reacts(said, "shit")).message().reactions()).isEmpty();
                Stage.done(later.deletes(said));
            }
        }

        @Test
        void a_message_sent_again_is_the_same_message_masked_or_not() {
            try (Stage stage = set(Filtering.MASK, false)) {
                Person ana = stage.person("ana").inRoom();
                Command.SendMessage command = Person.message("room", "Oh shit", Optional.of("k"), Optional.empty());
                MessageId first = Stage.done(ana.does(command)).message().id();
                assertThat(Stage.done(ana.does(command)).duplicate()).isTrue();
                assertThat(Stage.done(ana.does(command)).message().id()).isEqualTo(first);
            }
        }

        @Test
        void what_is_refused_costs_no_quota_and_reaches_no_model() {
            try (Stage stage = set(Filtering.REJECT, false)) {
                Person ana = stage.person("ana").inRoom();
                assertThat(Stage.code(ana.tries("Bullshit?", Ask.PLAINLY))).isEqualTo(ErrorCode.CONTENT_REJECTED);
                assertThat(stage.model.requests()).isZero();
                assertThat(Stage.done(ana.does(new Command.GetQuota())).used()).isZero();
            }
        }

        @Test
        void what_a_ticket_says_is_filtered_too() {
            try (Stage stage = set(Filtering.REJECT, false)) {
                Command.AskTicket ask = new Command.AskTicket(
                        new TicketId("1"), Optional.of("The shitty printer burns"), Ask.PLAINLY, false);
                assertThat(Stage.code(stage.person("ana").does(ask))).isEqualTo(ErrorCode.CONTENT_REJECTED);
                assertThat(stage.store.sessions().find(new TicketId("1").session())).isEmpty();
            }
        }
    }

    @Nested
    class Models {

        @Test
        void a_model_s_words_are_masked_whatever_way_they_are_cut() throws InterruptedException {
            try (Stage stage = replies()) {
                Person ana = stage.person("ana").inRoom();
                Seat seat = ana.sits();
                MessageId reply = ana.reply("Say it");
                ScriptedExchange exchange = stage.model.next();
                exchange.say("Well, ");
                seat.view.awaitText(reply, "Well, ");
                exchange.say("bu", "ll", "sh");
                exchange.say("it, I s", "hould say");
                seat.view.awaitText(reply, "Well, ********, I should say");
                exchange.end();
                Message end = seat.view.awaitEnd(reply);
                assertThat(end.content()).isEqualTo("Well, ********, I should say");
                assertThat(seat.view.faults()).isEmpty();
            }
        }

        @Test
        void what_is_held_back_is_told_at_the_end() throws InterruptedException {
            try (Stage stage = replies()) {
                Person ana = stage.person("ana").inRoom();
                Seat seat = ana.sits();
                stage.model.answer("A ", "shi");
                assertThat(seat.view.awaitEnd(ana.reply("One")).content()).isEqualTo("A shi");
                stage.model.next();
                stage.model.answer("A ", "sh", "it");
                assertThat(seat.view.awaitEnd(ana.reply("Two")).content()).isEqualTo("A ****");
                assertThat(seat.view.faults()).isEmpty();
            }
        }

        @Test
        void what_is_held_back_is_told_when_the_reply_is_stopped_or_breaks_off() throws InterruptedException {
            try (Stage stage = replies()) {
                Person ana = stage.person("ana").inRoom();
                Seat seat = ana.sits();
                MessageId stopped = ana.reply("One");
                ScriptedExchange exchange = stage.model.next();
                exchange.say("So, bullshi");
                seat.view.awaitText(stopped, "So, ");
                Stage.done(ana.stops(stopped));
                Message end = seat.view.awaitEnd(stopped);
                assertThat(end.content()).isEqualTo("So, bullshi");
                assertThat(end.reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);

                stage.model.script(ModelStep.say("Oh, shit"), ModelStep.cut());
                Message failed = seat.view.awaitEnd(ana.reply("Two"));
                assertThat(failed.content()).isEqualTo("Oh, ****");
                assertThat(seat.view.faults()).isEmpty();
            }
        }

        @Test
        void only_masked_text_is_made_safe() throws InterruptedException {
            try (Stage stage = replies()) {
                Person ana = stage.person("ana").inRoom();
                Seat seat = ana.sits();
                MessageId reply = ana.reply("One");
                ScriptedExchange exchange = stage.model.next();
                exchange.say("Oh shit, bullsh");
                seat.view.awaitText(reply, "Oh ****, ");
                stage.pass(Duration.ofSeconds(2));
                Wait.until("the text is safe", () -> !safe(stage, reply).isEmpty());
                assertThat(safe(stage, reply)).isEqualTo("Oh ****, ");
                exchange.say("it.");
                exchange.end();
                assertThat(seat.view.awaitEnd(reply).content()).isEqualTo("Oh ****, ********.");
            }
        }

        private String safe(Stage stage, MessageId reply) {
            return stage.store.replies().find(reply).orElseThrow().checkpoint();
        }

        @Test
        void nothing_of_a_model_s_is_masked_unless_that_is_wanted() {
            try (Stage stage = set(Filtering.MASK, false)) {
                Person ana = stage.person("ana").inRoom();
                stage.model.answer("Oh shit");
                assertThat(stage.awaitEnd(ana.reply("One")).content()).isEqualTo("Oh shit");
            }
        }

        @Test
        void titles_that_models_give_are_masked_with_their_replies() throws InterruptedException {
            try (Stage stage = Stage.open(rules -> {
                rules.autoTitle = true;
                rules.content = new ContentSettings(Optional.empty(), true);
            })) {
                Person ana = stage.person("ana").inRoom();
                stage.model.answer("Because.");
                stage.awaitEnd(ana.reply("Why?"));
                stage.model.next();
                ScriptedExchange title = stage.model.next();
                title.say("All this shit");
                title.end();
                Wait.until("the session has its title", () -> titled(stage).equals("All this ****"));
            }
        }

        private String titled(Stage stage) {
            Session session = stage.session("room");
            return session.title();
        }
    }
}
