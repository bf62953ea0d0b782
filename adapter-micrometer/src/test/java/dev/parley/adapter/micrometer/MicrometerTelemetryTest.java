package dev.parley.adapter.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.telemetry.Pulse;
import dev.parley.domain.telemetry.Standouts.SessionErrors;
import dev.parley.domain.telemetry.Standouts.UserTraffic;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.testkit.ContractRun;
import dev.parley.testkit.telemetry.TelemetryContract;
import dev.parley.testkit.time.ManualTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MicrometerTelemetryTest extends TelemetryContract {

    private static final UserId ANA = new UserId("ana-the-user");
    private static final UserId BEN = new UserId("ben-the-user");
    private static final SessionId ROOM = new SessionId("room-the-session");
    private static final SessionId OTHER = new SessionId("other-the-session");

    private final ManualTime time = new ManualTime();
    private final MicrometerTelemetry telemetry = MicrometerTelemetry.create(time);

    @Override
    protected Telemetry telemetry() {
        return telemetry;
    }

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void what_happened_can_be_scraped() {
        telemetry.on(new TelemetryEvent.ConnectionOpened("chat", ANA));
        telemetry.on(new TelemetryEvent.ConnectionOpened("chat", BEN));
        telemetry.on(new TelemetryEvent.ConnectionClosed("chat", ANA, 1000, Duration.ofSeconds(3)));
        telemetry.on(new TelemetryEvent.FirstToken("tiny:latest", Duration.ofMillis(120)));
        telemetry.on(new TelemetryEvent.ReplyEnded(
                "tiny:latest", ReplyStatus.COMPLETED, Optional.empty(), 50, Duration.ofSeconds(2)));
        telemetry.on(new TelemetryEvent.QueueChanged(3, 10));
        telemetry.on(new TelemetryEvent.LimitDecided("messages", false));
        telemetry.on(new TelemetryEvent.BytesSent("chat", ANA, 1_000));
        telemetry.on(new TelemetryEvent.StoreCommitted(4, Duration.ofMillis(2)));
        telemetry.on(new TelemetryEvent.DependencyChanged("ollama", false));
        handled(ROOM, Optional.of(ErrorCode.BUSY));
        assertThat(telemetry.scrape())
                .contains("parley_connections{protocol=\"chat\"} 1.0")
                .contains("parley_connections_closed_total{code=\"1000\",protocol=\"chat\"} 1.0")
                .contains("parley_first_token_seconds_count{model=\"tiny:latest\"} 1")
                .contains("parley_first_token_seconds_bucket{model=\"tiny:latest\",le=\"0.25\"} 1")
                .contains("parley_replies_total{model=\"tiny:latest\",status=\"COMPLETED\"} 1.0")
                .contains("parley_reply_tokens_total{model=\"tiny:latest\"} 50.0")
                .contains("parley_tokens_per_second_sum{model=\"tiny:latest\"} 25.0")
                .contains("parley_queue_waiting 3.0")
                .contains("parley_queue_running 10.0")
                .contains("parley_limit_decisions_total{allowed=\"false\",bucket=\"messages\"} 1.0")
                .contains("parley_sent_bytes_total{protocol=\"chat\"} 1000.0")
                .contains("parley_store_commit_steps_sum 4.0")
                .contains("parley_dependency_up{name=\"ollama\"} 0.0")
                .contains("parley_errors_total{code=\"BUSY\"} 1.0")
                .doesNotContain("-the-user", "-the-session");
    }

    @Test
    void labels_stay_few_whatever_names_come() {
        for (int i = 0; i < 500; i++) {
            telemetry.on(new TelemetryEvent.FirstToken("model-" + i, Duration.ofMillis(1)));
            telemetry.on(new TelemetryEvent.ConnectionClosed("chat", ANA, 3000 + i, Duration.ZERO));
        }
        String scrape = telemetry.scrape();
        assertThat(scrape.lines().filter(line -> line.startsWith("parley_first_token_seconds_count")))
                .hasSizeLessThanOrEqualTo(52);
        assertThat(scrape).contains("parley_first_token_seconds_count{model=\"other\"}");
        assertThat(scrape).contains("parley_connections_closed_total{code=\"other\",protocol=\"chat\"} 500.0");
    }

    @Test
    void the_busiest_users_can_be_asked_for() {
        telemetry.on(new TelemetryEvent.BytesSent("chat", ANA, 100));
        telemetry.on(new TelemetryEvent.BytesReceived("rooms", ANA, 10));
        telemetry.on(new TelemetryEvent.BytesSent("chat", BEN, 500));
        time.advance(Duration.ofMinutes(5));
        telemetry.on(new TelemetryEvent.BytesSent("chat", ANA, 1));
        assertThat(telemetry.standouts(10).busiestUsers())
                .containsExactly(new UserTraffic(BEN, 500, 0), new UserTraffic(ANA, 101, 10));
        assertThat(telemetry.standouts(1).busiestUsers()).extracting(UserTraffic::user).containsExactly(BEN);
        time.advance(Duration.ofMinutes(5));
        assertThat(telemetry.standouts(10).busiestUsers()).containsExactly(new UserTraffic(ANA, 1, 0));
        time.advance(Duration.ofMinutes(10));
        assertThat(telemetry.standouts(10).busiestUsers()).isEmpty();
    }

    @Test
    void the_most_refused_sessions_can_be_asked_for() {
        handled(ROOM, Optional.empty());
        handled(ROOM, Optional.of(ErrorCode.FORBIDDEN));
        handled(OTHER, Optional.of(ErrorCode.BUSY));
        handled(new SessionId("fine"), Optional.empty());
        assertThat(telemetry.standouts(10).mostRefusedSessions())
                .containsExactly(new SessionErrors(OTHER, 1, 1), new SessionErrors(ROOM, 2, 1));
        assertThat(telemetry.standouts(10).mostRefusedSessions()).extracting(SessionErrors::rate).containsExactly(1.0, 0.5);
    }

    @Test
    void the_pulse_is_what_was_counted_and_connections_as_many_as_there_are() {
        telemetry.on(new TelemetryEvent.ConnectionOpened("chat", ANA));
        telemetry.on(new TelemetryEvent.ConnectionOpened("chat", BEN));
        telemetry.on(new TelemetryEvent.ConnectionClosed("chat", ANA, 1000, Duration.ofSeconds(3)));
        telemetry.on(new TelemetryEvent.FirstToken("tiny:latest", Duration.ofMillis(120)));
        telemetry.on(new TelemetryEvent.FirstToken("tiny:latest", Duration.ofMillis(80)));
        telemetry.on(new TelemetryEvent.ReplyEnded(
                "tiny:latest", ReplyStatus.FAILED, Optional.of(ErrorCode.MODEL_FAILED), 50, Duration.ofSeconds(2)));
        telemetry.on(new TelemetryEvent.StoreCommitted(4, Duration.ofMillis(2)));
        handled(ROOM, Optional.of(ErrorCode.BUSY));

        Pulse pulse = telemetry.pulse();
        assertThat(pulse.connections()).containsExactly(Map.entry("chat", 1));
        assertThat(pulse.replies()).isEqualTo(1);
        assertThat(pulse.errors()).containsOnly(Map.entry(ErrorCode.BUSY, 1L), Map.entry(ErrorCode.MODEL_FAILED, 1L));
        assertThat(pulse.firstTokens()).isEqualTo(new Pulse.Times(2, Duration.ofMillis(200)));
        assertThat(pulse.commits()).isEqualTo(new Pulse.Times(1, Duration.ofMillis(2)));
        assertThat(pulse.commands().count()).isEqualTo(1);
    }

    @Test
    void a_broken_twin_fails_the_contract() {
        ContractRun run = ContractRun.of(Throwing.class);
        assertThat(run.failed()).isNotEmpty();
    }

    private void handled(SessionId session, Optional<ErrorCode> refusal) {
        telemetry.on(new TelemetryEvent.CommandHandled(
                "SendMessage", Optional.of(session), refusal, Duration.ofMillis(3)));
    }

    /** Throws at what it does not expect. */
    static final class Throwing extends TelemetryContract {

        @Override
        protected Telemetry telemetry() {
            return event -> {
                if (event instanceof TelemetryEvent.BytesReceived received && received.bytes() < 0) {
                    throw new IllegalArgumentException("Thrown on purpose");
                }
            };
        }
    }
}
