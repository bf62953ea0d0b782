package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Sent;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class SendingTest {

    @Test
    void the_same_name_again_is_the_same_message_and_asks_nobody_twice() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Sent first = Stage.done(named(ana, "c1", "Hello"));
            stage.model.next().end();
            stage.awaitEnd(first.reply().orElseThrow());
            Sent again = Stage.done(named(ana, "c1", "Hello"));
            assertThat(again.duplicate()).isTrue();
            assertThat(again.message().id()).isEqualTo(first.message().id());
            assertThat(again.reply()).isEqualTo(first.reply());
            assertThat(stage.model.requests()).isEqualTo(1);
            assertThat(Stage.code(named(ana, "c1", "Something else"))).isEqualTo(ErrorCode.CONFLICT);
            assertThat(Stage.done(named(stage.person("bob").inRoom(), "c1", "Mine")).duplicate()).isFalse();
        }
    }

    @Test
    void an_edited_message_is_recognised_by_what_it_said_when_it_was_sent() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Sent sent = Stage.done(named(ana, "c1", "Helo"));
            Stage.done(ana.edits(sent.message().id(), "Hello"));
            assertThat(Stage.done(named(ana, "c1", "Helo")).duplicate()).isTrue();
            assertThat(Stage.code(named(ana, "c1", "Other"))).isEqualTo(ErrorCode.CONFLICT);
        }
    }

    @Test
    void nobody_fills_a_message_with_reactions() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Person bob = stage.person("bob").inRoom();
            MessageId message = ana.says("Hello").message().id();
            for (int i = 0; i < Message.MAX_REACTIONS; i++) {
                Stage.done(ana.reacts(message, "r" + i));
            }
            assertThat(Stage.code(ana.reacts(message, "one more"))).isEqualTo(ErrorCode.BAD_REQUEST);
            Stage.done(bob.reacts(message, "r7"));
            assertThat(stage.message(message).reactions()).hasSize(Message.MAX_REACTIONS);
            Stage.done(ana.reacts(message, "r0"));
            Stage.done(bob.reacts(message, "one more"));
            assertThat(stage.message(message).reactions()).hasSize(Message.MAX_REACTIONS).containsKey("one more");
        }
    }

    @Test
    void many_at_once_under_one_name_are_one_message() throws Exception {
        try (Stage stage = Stage.open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            stage.model.answerAll("Yes");
            Person ana = stage.person("ana").inRoom();
            List<Future<Outcome<Sent>>> sends = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                sends.add(threads.submit(() -> named(ana, "c1", "Hello")));
            }
            int fresh = 0;
            for (Future<Outcome<Sent>> send : sends) {
                fresh += Stage.done(send.get()).duplicate() ? 0 : 1;
            }
            assertThat(fresh).isEqualTo(1);
            Wait.until("it is answered", () -> stage.store.replies().unfinished().isEmpty());
            assertThat(stage.model.requests()).isEqualTo(1);
        }
    }

    @Test
    void what_was_said_before_is_known_before_limits_and_the_queue() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> {
            rules.messages = Optional.of(new Quota(2, Duration.ofMinutes(1)));
            rules.concurrentReplies = 1;
            rules.queueLimit = 1;
        })) {
            Person ana = stage.person("ana").inRoom();
            Sent first = Stage.done(named(ana, "c1", "Hello"));
            Stage.done(named(ana, "c2", "Hello"));
            assertThat(Stage.done(named(ana, "c1", "Hello")).message().id()).isEqualTo(first.message().id());
            Outcome.Refusal refusal = Stage.refusal(named(ana, "c3", "Hello"));
            assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMIT);
            assertThat(refusal.retryAfter().orElseThrow()).isPositive();
            assertThat(Stage.done(ana.does(new Command.GetQuota())).used()).isEqualTo(2);
            stage.pass(Duration.ofSeconds(61));
            assertThat(Stage.code(named(ana, "c3", "Hello"))).isEqualTo(ErrorCode.BUSY);
        }
    }

    @Test
    void content_is_cleaned_or_refused_before_anything_is_stored() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            assertThat(ana.says("a\u0000b\r\nc\td").message().content()).isEqualTo("ab\nc\td");
            assertThat(ana.says("😀".repeat(200)).message().content()).hasSize(400);
            assertThat(Stage.code(ana.tries("😀".repeat(201), Ask.PLAINLY))).isEqualTo(ErrorCode.MESSAGE_TOO_LONG);
            assertThat(Stage.code(ana.tries(" \n ", Ask.PLAINLY))).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(Stage.code(ana.tries("half \ud83d", Ask.PLAINLY))).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(Stage.code(named(ana, "", "Hello"))).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(Stage.code(named(ana, "x".repeat(201), "Hello"))).isEqualTo(ErrorCode.BAD_REQUEST);
        }
    }

    @Test
    void a_message_may_reply_to_one_of_its_own_session_only() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            MessageId root = ana.says("Root").message().id();
            ClientMetadata metadata = new ClientMetadata("{\"mood\":\"good\"}");
            Sent child = Stage.done(ana.does(new Command.SendMessage(
                    new SessionId(Person.ROOM), "Child", Optional.empty(), Optional.of(root), metadata, Optional.empty())));
            assertThat(stage.message(child.message().id()).parent()).contains(root);
            assertThat(stage.message(child.message().id()).metadata()).isEqualTo(metadata);
            Stage.done(ana.enters("elsewhere", Visibility.SHARED));
            assertThat(Stage.code(ana.does(new Command.SendMessage(
                    new SessionId("elsewhere"),
                    "Child",
                    Optional.empty(),
                    Optional.of(root),
                    ClientMetadata.NONE,
                    Optional.empty()))))
                    .isEqualTo(ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void the_first_words_name_the_session_once() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            ana.says("What   is\nthe answer?");
            ana.says("Something else");
            assertThat(stage.session(Person.ROOM).title()).isEqualTo("What is the answer?");
        }
    }

    @Test
    void while_the_limiter_is_away_the_settings_say_what_may_be_sent_and_it_is_seen() {
        for (boolean open : List.of(true, false)) {
            try (Stage stage = Stage.open(
                    rules -> {
                        rules.messages = Optional.of(new Quota(5, Duration.ofMinutes(1)));
                        rules.limiterFailsOpen = open;
                    },
                    ports -> Twins.withLimiter(ports, new AwayLimiter()))) {
                Person ana = stage.person("ana").inRoom();
                Outcome<Sent> sent = named(ana, "c1", "Hello");
                if (open) {
                    Stage.done(sent);
                } else {
                    assertThat(Stage.refusal(sent).code()).isEqualTo(ErrorCode.RATE_LIMIT);
                    assertThat(Stage.refusal(sent).retryAfter()).isPresent();
                }
                Stage.done(ana.does(new Command.GetQuota()));
                assertThat(stage.telemetry).contains(new TelemetryEvent.DependencyChanged("limiter", false));
            }
        }
    }

    @Test
    void who_is_somebody_new_with_every_message_is_counted_by_address() {
        try (Stage stage = Stage.open(rules -> rules.messages = Optional.of(new Quota(2, Duration.ofMinutes(1))))) {
            Person ana = stage.person("ana").inRoom();
            Stage.done(says(guest(stage, "anon-1", "2001:db8:1:2::1")));
            Stage.done(says(guest(stage, "anon-2", "2001:db8:1:2::2")));
            assertThat(Stage.code(says(guest(stage, "anon-3", "2001:db8:1:2::3")))).isEqualTo(ErrorCode.RATE_LIMIT);
            assertThat(Stage.done(guest(stage, "anon-3", "2001:db8:1:2::3").does(new Command.GetQuota())).used())
                    .isEqualTo(2);
            // Nobody else pays for it, and the refusal cost nothing.
            Stage.done(says(guest(stage, "anon-3", "2001:db8:1:3::1")));
            ana.says("Hello");
        }
    }

    @Test
    void an_anonymous_user_who_moves_about_is_counted_by_name_and_costs_no_address_anything() {
        try (Stage stage = Stage.open(rules -> rules.messages = Optional.of(new Quota(2, Duration.ofMinutes(1))))) {
            stage.person("ana").inRoom();
            Stage.done(says(guest(stage, "anon-1", "192.0.2.1")));
            Stage.done(says(guest(stage, "anon-1", "192.0.2.2")));
            for (int i = 0; i < 5; i++) {
                assertThat(Stage.code(says(guest(stage, "anon-1", "192.0.2.3")))).isEqualTo(ErrorCode.RATE_LIMIT);
            }
            Stage.done(says(guest(stage, "anon-2", "192.0.2.3")));
        }
    }

    private static Person guest(Stage stage, String user, String address) {
        Principal principal = new Principal(
                new UserId(user), "Guest", Set.of(), true, Optional.empty(), Instant.EPOCH, Optional.empty());
        return new Person(
                stage, stage.engine, new Caller(principal, new ClientInfo("", address, ""), "chat")).inRoom();
    }

    private static Outcome<Sent> says(Person person) {
        return person.does(Person.message(Person.ROOM, "Hello", Optional.empty(), Optional.empty()));
    }

    private static Outcome<Sent> named(Person person, String clientId, String content) {
        return person.does(Person.message(Person.ROOM, content, Optional.of(clientId), Optional.of(Ask.PLAINLY)));
    }

    private static final class AwayLimiter implements RateLimiter {
        @Override
        public Decision tryAcquire(List<Demand> demands) {
            throw new UnavailableException("Expected a limiter, found none");
        }

        @Override
        public Usage usage(LimitKey key, Quota quota) {
            throw new UnavailableException("Expected a limiter, found none");
        }
    }
}
