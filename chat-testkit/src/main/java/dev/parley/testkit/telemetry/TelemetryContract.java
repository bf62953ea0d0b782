package dev.parley.testkit.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every {@link Telemetry} keeps to: it takes whatever happens, from any thread, and never throws. */
public abstract class TelemetryContract {

    protected abstract Telemetry telemetry();

    @Test
    void every_kind_of_event_is_taken() {
        Telemetry telemetry = telemetry();
        for (TelemetryEvent event : events("chat", "tiny:latest", Duration.ofMillis(7))) {
            assertThatCode(() -> telemetry.on(event)).as(event.toString()).doesNotThrowAnyException();
        }
    }

    @Test
    void odd_values_are_taken() {
        Telemetry telemetry = telemetry();
        for (String text : List.of("", " ", "a\nb\"c\\d{e}", "😀".repeat(500), "\u0000")) {
            for (Duration took : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(100_000))) {
                for (TelemetryEvent event : events(text, text, took)) {
                    assertThatCode(() -> telemetry.on(event)).as(event.toString()).doesNotThrowAnyException();
                }
            }
        }
    }

    @Test
    void closings_without_openings_and_many_names_are_taken() {
        Telemetry telemetry = telemetry();
        assertThatCode(() -> {
            for (int i = 0; i < 5_000; i++) {
                UserId user = new UserId("user-" + i);
                telemetry.on(new TelemetryEvent.ConnectionClosed("chat", user, 1006, Duration.ZERO));
                telemetry.on(new TelemetryEvent.BytesSent("chat", user, Long.MAX_VALUE / 2));
                telemetry.on(new TelemetryEvent.FirstToken("model-" + i, Duration.ofMillis(i)));
            }
        })
                .doesNotThrowAnyException();
    }

    @Test
    void many_threads_may_tell_at_once() throws Exception {
        Telemetry telemetry = telemetry();
        List<Future<?>> tellers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                String name = "name-" + i;
                tellers.add(threads.submit(() -> {
                    for (int round = 0; round < 200; round++) {
                        events(name, name, Duration.ofMillis(round)).forEach(telemetry::on);
                    }
                }));
            }
            for (Future<?> teller : tellers) {
                teller.get(20, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void who_stands_out_can_be_asked_for_at_any_time_and_no_more_than_wanted() {
        Telemetry telemetry = telemetry();
        assertThat(telemetry.standouts(3)).isNotNull();
        for (int i = 0; i < 10; i++) {
            telemetry.on(new TelemetryEvent.BytesSent("chat", new UserId("user-" + i), 100));
            telemetry.on(new TelemetryEvent.CommandHandled(
                    "SendMessage", Optional.of(new SessionId("s-" + i)), Optional.of(ErrorCode.BUSY), Duration.ZERO));
        }
        assertThat(telemetry.standouts(3).busiestUsers()).hasSizeLessThanOrEqualTo(3);
        assertThat(telemetry.standouts(3).mostRefusedSessions()).hasSizeLessThanOrEqualTo(3);
        assertThat(telemetry.standouts(0).busiestUsers()).isEmpty();
    }

    private static List<TelemetryEvent> events(String protocol, String model, Duration took) {
        UserId user = new UserId("ana");
        SessionId session = new SessionId("room");
        return List.of(
                new TelemetryEvent.ConnectionOpened(protocol, user),
                new TelemetryEvent.ConnectionClosed(protocol, user, 1000, took),
                new TelemetryEvent.ConnectionRefused(503),
                new TelemetryEvent.CommandHandled("SendMessage", Optional.of(session), Optional.empty(), took),
                new TelemetryEvent.CommandHandled("SendMessage", Optional.empty(), Optional.of(ErrorCode.BUSY), took),
                new TelemetryEvent.MessageStored(took),
                new TelemetryEvent.QueueChanged(3, 10),
                new TelemetryEvent.FirstToken(model, took),
                new TelemetryEvent.ReplyEnded(model, ReplyStatus.COMPLETED, Optional.empty(), 12, took),
                new TelemetryEvent.ReplyEnded(
                        model, ReplyStatus.FAILED, Optional.of(ErrorCode.MODEL_FAILED), 0, took),
                new TelemetryEvent.LimitDecided("messages", false),
                new TelemetryEvent.BytesSent(protocol, user, 100),
                new TelemetryEvent.BytesReceived(protocol, user, -1),
                new TelemetryEvent.StoreCommitted(3, took),
                new TelemetryEvent.DependencyChanged("ollama", false));
    }
}
