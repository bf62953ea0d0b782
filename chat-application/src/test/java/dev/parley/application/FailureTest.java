package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.testkit.llm.ScriptedExchange;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What breaks underneath is told as a code, is tried again, and tells nothing of the inside. */
final class FailureTest {

    @Test
    void a_store_that_is_away_is_told_as_such_with_a_time_to_retry() {
        FaultyStores faults = new FaultyStores();
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            faults.away(true);
            Outcome.Refusal refusal = Stage.refusal(ana.tries("Hello", Ask.PLAINLY));
            assertThat(refusal.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(refusal.retryAfter()).isPresent();
            assertThat(refusal.detail()).doesNotContain("Scripted");
            assertThat(Stage.code(ana.connects().tryFollow(Person.ROOM))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            faults.away(false);
            ana.says("Hello");
        }
    }

    @Test
    void a_bug_is_told_by_the_name_of_its_incident_alone() {
        FaultyStores faults = new FaultyStores();
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            faults.buggy(true);
            Outcome.Refusal refusal = Stage.refusal(ana.tries("Hello", Ask.PLAINLY));
            faults.buggy(false);
            assertThat(refusal.code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(refusal.detail()).matches("Incident id-\\d+");
        }
    }

    @Test
    void a_reply_that_ends_while_the_store_is_away_is_stored_when_it_is_back() throws InterruptedException {
        FaultyStores faults = new FaultyStores();
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId reply = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("All of it");
            seat.view.awaitText(reply, "All of it");
            faults.away(true);
            exchange.end();
            Wait.until("the end was tried", () -> faults.refusals() > 0);
            stage.pass(Duration.ofSeconds(6));
            assertThat(stage.message(reply).running()).isTrue();
            faults.away(false);
            Wait.until("the end is stored", () -> {
                stage.pass(Duration.ofSeconds(1));
                return !stage.message(reply).running();
            });
            assertThat(stage.message(reply).content()).isEqualTo("All of it");
            assertThat(stage.message(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
            seat.view.awaitEnd(reply);
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @Test
    void a_feed_that_cannot_be_read_for_a_moment_is_read_later() {
        FaultyStores faults = new FaultyStores();
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            faults.unreadable(true);
            long position = ana.says("Hello").position();
            Wait.until("reading was tried", () -> faults.refusals() > 0);
            faults.unreadable(false);
            Wait.until("it is told", () -> {
                stage.pass(Duration.ofMillis(500));
                return seat.view.position() == position;
            });
            assertThat(seat.view.all(Event.Disconnecting.class)).isEmpty();
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @Test
    void a_feed_that_stays_away_sends_the_followers_elsewhere() {
        FaultyStores faults = new FaultyStores();
        try (Stage stage = Stage.open(rules -> {}, faults::in)) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            faults.unreadable(true);
            ana.says("Hello");
            Wait.until("the followers are sent away", () -> {
                stage.pass(Duration.ofSeconds(1));
                return seat.view.all(Event.Disconnecting.class)
                        .stream()
                        .anyMatch(end -> end.cause() == Event.Cause.STORE_LOST);
            });
            assertThat(seat.view.all(Event.Disconnecting.class)).hasSize(1);
        }
    }
}
