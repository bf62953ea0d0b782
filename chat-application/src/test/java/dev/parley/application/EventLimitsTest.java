package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Repeat;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Events of protocols that count each kind by itself. */
final class EventLimitsTest {

    private static final Quota ONE = new Quota(1, Duration.ofMinutes(1));
    private static final Quota TWO = new Quota(2, Duration.ofMinutes(1));

    @Test
    void each_kind_is_counted_by_itself_and_for_each_user() {
        try (Stage stage = Stage.open(rules -> rules.events = new EventLimits(Map.of("draw", ONE), Optional.of(TWO)))) {
            Person ana = stage.person("ana");
            Person ben = stage.person("ben");
            assertThat(event(ana, "draw")).isInstanceOf(Outcome.Done.class);
            assertThat(Stage.code(event(ana, "draw"))).isEqualTo(ErrorCode.RATE_LIMIT);
            assertThat(event(ben, "draw")).isInstanceOf(Outcome.Done.class);
            assertThat(event(ana, "sing")).isInstanceOf(Outcome.Done.class);
            assertThat(event(ana, "sing")).isInstanceOf(Outcome.Done.class);
            assertThat(Stage.code(event(ana, "sing"))).isEqualTo(ErrorCode.RATE_LIMIT);
            stage.pass(Duration.ofMinutes(1));
            assertThat(event(ana, "draw")).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void where_nothing_is_said_there_is_no_limit() {
        try (Stage stage = Stage.open(rules -> rules.events = EventLimits.STANDARD.withOthers(Optional.empty()))) {
            Person ana = stage.person("ana");
            for (int i = 0; i < 50; i++) {
                assertThat(event(ana, "sing")).isInstanceOf(Outcome.Done.class);
            }
        }
    }

    @Test
    void a_question_may_count_as_an_event_and_not_as_a_message_and_the_same_question_not_at_all() {
        try (Stage stage = Stage.open(rules -> {
            rules.events = new EventLimits(Map.of("ask", TWO), Optional.empty());
            rules.messages = Optional.of(ONE);
        })) {
            Person ana = stage.person("ana").inRoom();
            assertThat(ana.does(question("one"))).isInstanceOf(Outcome.Done.class);
            assertThat(ana.does(question("one"))).isInstanceOf(Outcome.Done.class);
            assertThat(ana.does(question("two"))).isInstanceOf(Outcome.Done.class);
            assertThat(Stage.code(ana.does(question("three")))).isEqualTo(ErrorCode.RATE_LIMIT);
            assertThat(ana.does(question("two"))).isInstanceOf(Outcome.Done.class);
            ana.says("The only message");
            assertThat(Stage.code(ana.does(Person.message(Person.ROOM, "Another", Optional.empty(), Optional.empty()))))
                    .isEqualTo(ErrorCode.RATE_LIMIT);
        }
    }

    private static Outcome<Nothing> event(Person who, String kind) {
        return who.does(new Command.ChargeEvent(kind));
    }

    private static Command.SendMessage question(String name) {
        return new Command.SendMessage(
                new SessionId(Person.ROOM),
                "Why " + name,
                Optional.of(name),
                new Repeat.ForLife(),
                Optional.empty(),
                ClientMetadata.NONE,
                Optional.of(Ask.PLAINLY),
                List.of(),
                Optional.of("ask"));
    }
}
