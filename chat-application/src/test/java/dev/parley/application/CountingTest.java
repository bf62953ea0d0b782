package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.telemetry.Standouts;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is counted, and what administrators are told of it. */
final class CountingTest {

    @Test
    void a_command_about_a_session_is_counted_there_with_its_refusal() {
        try (Stage stage = Stage.open()) {
            SessionId room = new SessionId(Person.ROOM);
            stage.person("ana").inRoom().says("Hello");
            stage.person("ben").does(new Command.CloseSession(room));
            assertThat(stage.telemetry)
                    .filteredOn(TelemetryEvent.CommandHandled.class::isInstance)
                    .extracting(TelemetryEvent.CommandHandled.class::cast)
                    .extracting(
                            TelemetryEvent.CommandHandled::command,
                            TelemetryEvent.CommandHandled::session,
                            TelemetryEvent.CommandHandled::refusal)
                    .contains(
                            org.assertj.core.groups.Tuple.tuple("SendMessage", Optional.of(room), Optional.empty()),
                            org.assertj.core.groups.Tuple.tuple(
                                    "CloseSession", Optional.of(room), Optional.of(ErrorCode.FORBIDDEN)));
        }
    }

    @Test
    void administrators_are_told_who_stands_out() {
        Standouts known = new Standouts(
                List.of(), List.of(new Standouts.SessionErrors(new SessionId(Person.ROOM), 2, 1)));
        Telemetry knowing = new Telemetry() {
            @Override
            public void on(TelemetryEvent event) {}

            @Override
            public Standouts standouts(int limit) {
                return known;
            }
        };
        try (Stage stage = Stage.open(rules -> {}, ports -> Twins.withTelemetry(ports, knowing))) {
            assertThat(Stage.done(stage.person("root", "admin").does(new Command.GetStatistics())).standouts())
                    .isEqualTo(known);
            assertThat(Stage.code(stage.person("ana").does(new Command.GetStatistics()))).isEqualTo(ErrorCode.FORBIDDEN);
        }
    }
}
