package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.TicketAnswer;
import dev.parley.application.command.TicketState;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.llm.Model;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.TicketId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.Slice;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One question, one answer, for whoever opens the ticket. */
final class TicketTest {

    private static final TicketId TICKET = new TicketId("4711");
    private static final String SESSION = "ticket:4711";
    private static final String BODY = "The printer is on fire";
    private static final int OPENERS = 100;

    @Test
    void the_first_who_opens_a_ticket_asks_and_all_later_ones_are_given_the_finished_answer() {
        try (Stage stage = Stage.open()) {
            stage.model.answer("Use ", "water");
            Person ana = stage.person("ana");
            Message answer = stage.awaitEnd(running(opens(ana)));
            assertThat(cached(opens(stage.person("bob")))).isEqualTo(answer);
            assertThat(answer.content()).isEqualTo("Use water");
            assertThat(stage.model.requests()).isEqualTo(1);
            List<Message> messages = stage.store
                    .messages()
                    .page(new SessionId(SESSION), new Slice.Newest(10))
                    .items();
            assertThat(messages).extracting(Message::role).containsExactly(Role.USER, Role.ASSISTANT);
            assertThat(messages.getFirst().content()).isEqualTo(BODY);
            assertThat(messages.getFirst().author()).isEqualTo(new Author.Person(ana.user(), "ana"));
        }
    }

    @Test
    void a_ticket_is_a_session_without_an_owner_and_without_members_named_by_what_it_says() {
        try (Stage stage = Stage.open()) {
            opens(stage.person("ana"));
            Session session = stage.session(SESSION);
            assertThat(session.owner()).isEmpty();
            assertThat(session.members()).isEmpty();
            assertThat(session.title()).isEqualTo(BODY);
        }
    }

    @Test
    void a_hundred_who_open_a_new_ticket_at_once_at_two_nodes_cause_one_request_and_see_one_answer() throws Exception {
        try (Stage stage = Stage.open()) {
            ChatEngine other = stage.another();
            List<TicketAnswer> answers = atOnce(OPENERS, i -> opens(
                    i % 2 == 0 ? stage.person("user" + i) : stage.person(other, "user" + i)));
            MessageId reply = running(answers.getFirst());
            assertThat(answers).containsOnly(new TicketAnswer.Running(reply));
            List<Seat> seats = List.of(
                    stage.person("user0").sits(SESSION),
                    stage.person(other, "user1").sits(SESSION));
            ScriptedExchange exchange = stage.model.next();
            exchange.say("Use ");
            seats.forEach(seat -> seat.view.awaitText(reply, "Use "));
            exchange.say("water");
            exchange.end();
            seats.forEach(seat -> assertThat(seat.view.awaitEnd(reply).content()).isEqualTo("Use water"));
            assertThat(stage.model.requests()).isEqualTo(1);
            assertThat(stage.store.messages().page(new SessionId(SESSION), new Slice.Newest(10)).total())
                    .isEqualTo(2);
        }
    }

    @Test
    void somebody_who_opens_a_ticket_in_a_hundred_windows_at_once_pays_for_one_message() throws Exception {
        try (Stage stage = Stage.open(rules -> rules.messages = Optional.of(new Quota(1, Duration.ofMinutes(1))))) {
            Person ana = stage.person("ana");
            List<TicketAnswer> answers = atOnce(OPENERS, i -> opens(ana));
            assertThat(Set.copyOf(answers)).hasSize(1);
            assertThat(stage.model.requests()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void asking_counts_as_a_message_and_reading_an_answer_counts_as_nothing() {
        try (Stage stage = Stage.open(rules -> rules.messages = Optional.of(new Quota(1, Duration.ofMinutes(1))))) {
            stage.model.answerAll("Use water");
            Person ana = stage.person("ana");
            stage.awaitEnd(running(opens(ana)));
            cached(opens(ana));
            cached(opens(ana));
            Outcome<TicketAnswer> second = ana.does(ask("4712", BODY));
            assertThat(Stage.refusal(second).code()).isEqualTo(ErrorCode.RATE_LIMIT);
            assertThat(Stage.refusal(second).retryAfter()).isPresent();
            assertThat(Stage.code(ana.does(anew(BODY)))).isEqualTo(ErrorCode.RATE_LIMIT);
            assertThat(stage.store.sessions().find(new SessionId("ticket:4712"))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "stopped", "empty", "demo"})
    void what_is_no_whole_answer_is_given_to_nobody_again(String how) throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana");
            if (how.equals("demo")) {
                stage.model.install(Model.DEMO);
            }
            MessageId reply = running(opens(ana));
            ScriptedExchange exchange = stage.model.next();
            switch (how) {
                case "failed" -> {
                    exchange.say("Use");
                    exchange.perform(ModelStep.cut());
                }
                case "stopped" -> {
                    exchange.say("Use");
                    Stage.done(ana.does(new Command.StopReplies(new SessionId(SESSION), Optional.of(reply))));
                }
                case "empty" -> {
                    exchange.say(" \n");
                    exchange.end();
                }
                default -> {
                    exchange.say("I am a demo");
                    exchange.end();
                }
            }
            stage.awaitEnd(reply);
            assertThat(state(ana).answer()).isEmpty();
            stage.model.install("llama:latest");
            stage.model.answer("Use water");
            MessageId second = running(opens(ana));
            assertThat(second).isNotEqualTo(reply);
            assertThat(stage.awaitEnd(second).content()).isEqualTo("Use water");
            assertThat(cached(opens(ana)).content()).isEqualTo("Use water");
        }
    }

    @Test
    void an_answer_whose_server_died_is_asked_for_anew_and_a_finished_one_outlives_its_server() throws InterruptedException {
        AtomicBoolean dead = new AtomicBoolean();
        try (Stage stage = Stage.open(rules -> {}, ports -> Mortal.node(ports, dead))) {
            stage.model.answer("Use sand");
            Person ana = stage.person("ana");
            stage.awaitEnd(running(Stage.done(ana.does(ask("4712", BODY)))));
            MessageId reply = running(opens(ana));
            stage.model.next();
            stage.model.next().say("Use");
            dead.set(true);
            ChatEngine survivor = ChatEngineBuilder.over(stage.ports())
                    .settings(new Rules().settings())
                    .build();
            try {
                Person bob = stage.person(survivor, "bob");
                assertThat(opens(bob)).isEqualTo(new TicketAnswer.Running(reply));
                stage.pass(Duration.ofSeconds(15));
                assertThat(stage.awaitEnd(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.INTERRUPTED);
                assertThat(running(opens(bob))).isNotEqualTo(reply);
                assertThat(cached(Stage.done(bob.does(ask("4712", BODY)))).content()).isEqualTo("Use sand");
            } finally {
                survivor.close();
            }
        }
    }

    @Test
    void a_changed_body_is_answered_anew_only_when_that_is_asked_for() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            stage.model.answer("Use water");
            Person ana = stage.person("ana");
            MessageId first = running(opens(ana));
            stage.awaitEnd(first);
            stage.model.next();
            String changed = "The printer is on fire, and so is the desk";
            assertThat(cached(Stage.done(ana.does(ask("4711", changed)))).content()).isEqualTo("Use water");
            assertThat(stage.message(question()).content()).isEqualTo(BODY);

            Person bob = stage.person("bob");
            MessageId second = running(Stage.done(bob.does(anew(changed))));
            ScriptedExchange exchange = stage.model.next();
            assertThat(exchange.prompt().turns().getLast().content()).isEqualTo(changed);
            assertThat(cached(opens(ana)).id()).as("while it is written the old one serves").isEqualTo(first);
            assertThat(running(Stage.done(ana.does(anew(changed))))).as("what is new already is joined").isEqualTo(second);
            exchange.say("Run");
            exchange.end();
            stage.awaitEnd(second);
            assertThat(cached(opens(ana)).content()).isEqualTo("Run");
            assertThat(stage.message(second).reply().orElseThrow().versions()).containsExactly(first);
            assertThat(stage.model.requests()).isEqualTo(2);
        }
    }

    @Test
    void a_body_that_changes_while_it_is_answered_is_answered_after_that_and_the_newest_is_kept() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana");
            Person bob = stage.person("bob");
            MessageId first = running(opens(ana));
            ScriptedExchange old = stage.model.next();
            assertThat(running(Stage.done(bob.does(anew(BODY))))).as("the same body").isEqualTo(first);
            assertThat(running(Stage.done(bob.does(anew(BODY + "\u0007"))))).as("the same but for a bell").isEqualTo(first);
            assertThat(running(Stage.done(bob.does(anew(" "))))).as("no body").isEqualTo(first);

            String changed = "The printer is on fire, and so is the desk";
            MessageId second = running(Stage.done(bob.does(anew(changed))));
            assertThat(second).isNotEqualTo(first);
            assertThat(running(Stage.done(ana.does(anew(changed))))).as("what is new already is joined").isEqualTo(second);
            assertThat(stage.message(question()).content()).isEqualTo(changed);
            old.say("Use water");
            old.end();
            stage.awaitEnd(first);

            ScriptedExchange exchange = stage.model.next();
            assertThat(exchange.prompt().turns().getLast().content()).isEqualTo(changed);
            exchange.say("Run");
            exchange.end();
            stage.awaitEnd(second);
            assertThat(cached(opens(ana)).content()).isEqualTo("Run");
            assertThat(stage.model.requests()).isEqualTo(2);
        }
    }

    @Test
    void an_answer_stays_until_there_is_a_better_one() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            stage.model.answer("Use water");
            Person ana = stage.person("ana");
            MessageId first = running(opens(ana));
            stage.awaitEnd(first);
            stage.model.script(ModelStep.cut());
            stage.awaitEnd(running(Stage.done(ana.does(anew("")))));
            assertThat(cached(opens(ana)).id()).isEqualTo(first);
            assertThat(state(ana).newest()).contains(ReplyStatus.FAILED);
        }
    }

    @Test
    void what_people_say_about_a_ticket_elsewhere_is_no_part_of_its_answer() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            stage.model.answer("Use water");
            Person ana = stage.person("ana");
            MessageId answer = running(opens(ana));
            stage.awaitEnd(answer);
            stage.model.next();
            Person bob = stage.person("bob");
            Stage.done(bob.enters(SESSION, Visibility.PRIVATE));
            Stage.done(bob.does(Person.message(SESSION, "How much?", Optional.empty(), Optional.of(Ask.PLAINLY))));
            ScriptedExchange talk = stage.model.next();
            assertThat(talk.prompt().turns()).as("the ticket is known in what follows").hasSize(3);
            assertThat(state(ana).running()).isEmpty();
            assertThat(cached(opens(ana)).id()).isEqualTo(answer);
            talk.say("Much");
            talk.end();
            assertThat(cached(opens(ana)).id()).isEqualTo(answer);
        }
    }

    @Test
    void an_answer_that_is_regenerated_on_another_protocol_is_the_ticket_s_new_answer() {
        try (Stage stage = Stage.open()) {
            stage.model.answer("Use water");
            stage.model.answer("Use foam");
            Person ana = stage.person("ana");
            MessageId first = running(opens(ana));
            stage.awaitEnd(first);
            Changed changed = Stage.done(stage.person("bob")
                    .does(new Command.Regenerate(new SessionId(SESSION), first, Ask.PLAINLY)));
            stage.awaitEnd(changed.reply().orElseThrow());
            assertThat(cached(opens(ana)).content()).isEqualTo("Use foam");
        }
    }

    @Test
    void what_an_administrator_deletes_is_asked_anew() {
        try (Stage stage = Stage.open()) {
            stage.model.answerAll("Use water");
            Person ana = stage.person("ana");
            Person root = stage.person("root", "admin");
            MessageId answer = running(opens(ana));
            stage.awaitEnd(answer);
            assertThat(Stage.code(stage.person("bob").deletes(answer))).isEqualTo(ErrorCode.FORBIDDEN);
            Stage.done(root.deletes(answer));
            MessageId second = running(opens(ana));
            stage.awaitEnd(second);
            Stage.done(root.deletes(question()));
            assertThat(state(ana)).isEqualTo(TicketState.UNKNOWN);
            MessageId third = running(opens(ana));
            assertThat(cachedAfter(stage, third, ana).id()).isEqualTo(third);
        }
    }

    @Test
    void a_ticket_must_say_something_when_it_is_new_and_then_need_not() {
        try (Stage stage = Stage.open()) {
            stage.model.answerAll("Use water");
            Person ana = stage.person("ana");
            assertThat(Stage.code(ana.does(ask("4711", " \n ")))).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(Stage.code(ana.does(new Command.AskTicket(TICKET, Optional.empty(), Ask.PLAINLY, true))))
                    .isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(Stage.code(ana.does(ask("4711", "x".repeat(201))))).isEqualTo(ErrorCode.MESSAGE_TOO_LONG);
            assertThat(stage.store.sessions().find(new SessionId(SESSION))).isEmpty();
            stage.awaitEnd(running(opens(ana)));
            cached(Stage.done(ana.does(ask("4711", ""))));
            cached(Stage.done(ana.does(ask("4711", "x".repeat(201)))));
            stage.awaitEnd(running(Stage.done(
                    ana.does(new Command.AskTicket(TICKET, Optional.empty(), Ask.PLAINLY, true)))));
            assertThat(stage.model.requests()).isEqualTo(2);
        }
    }

    @Test
    void tickets_are_made_by_asking_alone_and_belong_to_nobody() {
        try (Stage stage = Stage.open(rules -> rules.ticketRoles = Set.of("agent"))) {
            Person ana = stage.person("ana", "agent");
            assertThat(Stage.code(ana.enters(SESSION, Visibility.SHARED))).isEqualTo(ErrorCode.FORBIDDEN);
            Person eve = stage.person("eve");
            assertThat(Stage.code(eve.does(ask("4711", BODY)))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(Stage.code(eve.does(new Command.GetTicket(TICKET)))).isEqualTo(ErrorCode.FORBIDDEN);
            MessageId reply = running(opens(stage.person("bob", "agent")));
            assertThat(running(opens(ana))).isEqualTo(reply);
            Stage.done(ana.enters(SESSION, Visibility.SHARED));
            Stage.done(ana.does(Person.message(SESSION, "Why?", Optional.empty(), Optional.empty())));
            assertThat(Stage.code(eve.enters(SESSION, Visibility.SHARED))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(Stage.code(eve.does(ask("4711", BODY)))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(Stage.code(eve.does(new Command.GetTicket(TICKET)))).isEqualTo(ErrorCode.FORBIDDEN);
        }
    }

    @Test
    void only_an_administrator_ends_a_ticket_and_what_is_purged_begins_anew() {
        try (Stage stage = Stage.open()) {
            stage.model.answerAll("Use water");
            Person ana = stage.person("ana");
            Person root = stage.person("root", "admin");
            stage.awaitEnd(running(opens(ana)));
            Command.CloseSession close = new Command.CloseSession(new SessionId(SESSION));
            Command.PurgeSession purge = new Command.PurgeSession(new SessionId(SESSION));
            assertThat(Stage.code(ana.does(close))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(Stage.code(ana.does(purge))).isEqualTo(ErrorCode.FORBIDDEN);
            Stage.done(root.does(close));
            assertThat(Stage.code(ana.does(ask("4711", BODY)))).isEqualTo(ErrorCode.GONE);
            assertThat(state(ana).closed()).isTrue();
            Stage.done(root.does(purge));
            assertThat(state(ana)).isEqualTo(TicketState.UNKNOWN);
            running(opens(ana));
        }
    }

    @Test
    void a_full_queue_refuses_and_leaves_no_question_behind() {
        try (Stage stage = Stage.open(rules -> {
            rules.concurrentReplies = 1;
            rules.queueLimit = 1;
        })) {
            Person ana = stage.person("ana");
            opens(ana);
            Stage.done(ana.does(ask("4712", BODY)));
            assertThat(Stage.code(ana.does(ask("4713", BODY)))).isEqualTo(ErrorCode.BUSY);
            assertThat(stage.store.sessions().find(new SessionId("ticket:4713"))).isEmpty();
        }
    }

    private static Command.AskTicket ask(String ticket, String body) {
        return new Command.AskTicket(new TicketId(ticket), Optional.of(body), Ask.PLAINLY, false);
    }

    private static Command.AskTicket anew(String body) {
        return new Command.AskTicket(TICKET, Optional.of(body), Ask.PLAINLY, true);
    }

    private static TicketAnswer opens(Person person) {
        return Stage.done(person.does(ask("4711", BODY)));
    }

    private static TicketState state(Person person) {
        return Stage.done(person.does(new Command.GetTicket(TICKET)));
    }

    private static MessageId running(TicketAnswer answer) {
        assertThat(answer).isInstanceOf(TicketAnswer.Running.class);
        return ((TicketAnswer.Running) answer).reply();
    }

    private static Message cached(TicketAnswer answer) {
        assertThat(answer).isInstanceOf(TicketAnswer.Cached.class);
        return ((TicketAnswer.Cached) answer).answer();
    }

    private static Message cachedAfter(Stage stage, MessageId reply, Person person) {
        stage.awaitEnd(reply);
        return cached(opens(person));
    }

    private static MessageId question() {
        return new MessageId("t1:4711");
    }

    @FunctionalInterface
    private interface Opening {
        TicketAnswer open(int number);
    }

    private static List<TicketAnswer> atOnce(int openers, Opening opening) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<TicketAnswer>> opened = new ArrayList<>();
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < openers; i++) {
                int number = i;
                Callable<TicketAnswer> opener = () -> {
                    start.await();
                    return opening.open(number);
                };
                opened.add(people.submit(opener));
            }
            start.countDown();
            List<TicketAnswer> answers = new ArrayList<>();
            for (Future<TicketAnswer> each : opened) {
                answers.add(each.get());
            }
            return answers;
        }
    }
}
